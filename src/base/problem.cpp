#include "base/problem.hpp"

namespace qipan {

Problem::Problem() = default;
Problem::Problem(Kind its_kind, std::string_view its_code, std::string_view its_field,
                 std::string_view its_value, std::string_view its_rule, std::string_view its_remedy)
    : kind(its_kind),
      code(its_code),
      field(its_field),
      value(its_value),
      rule(its_rule),
      remedy(its_remedy) {}
Problem::Problem(const Problem& other) = default;
Problem::Problem(Problem&& other) noexcept = default;
Problem& Problem::operator=(const Problem& other) = default;
Problem& Problem::operator=(Problem&& other) noexcept = default;
Problem::~Problem() = default;

std::string Problem::line() const {
  std::string text = code;
  if (!field.empty()) text += " at " + field;
  if (!value.empty()) text += ": found \"" + value + "\"";
  if (!rule.empty()) text += "; expected " + rule;
  if (!remedy.empty()) text += "; " + remedy;
  return text;
}

std::string_view name_of(Problem::Kind kind) {
  switch (kind) {
    case Problem::Kind::invalid:
      return "invalid";
    case Problem::Kind::unauthenticated:
      return "unauthenticated";
    case Problem::Kind::forbidden:
      return "forbidden";
    case Problem::Kind::not_found:
      return "not-found";
    case Problem::Kind::conflict:
      return "conflict";
    case Problem::Kind::too_large:
      return "too-large";
    case Problem::Kind::too_many:
      return "too-many";
    case Problem::Kind::unavailable:
      return "unavailable";
  }
  return "unknown";
}

int status_of(Problem::Kind kind) {
  switch (kind) {
    case Problem::Kind::invalid:
      return 422;
    case Problem::Kind::unauthenticated:
      return 401;
    case Problem::Kind::forbidden:
      return 403;
    case Problem::Kind::not_found:
      return 404;
    case Problem::Kind::conflict:
      return 409;
    case Problem::Kind::too_large:
      return 413;
    case Problem::Kind::too_many:
      return 429;
    case Problem::Kind::unavailable:
      return 503;
  }
  return 500;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace qipan
