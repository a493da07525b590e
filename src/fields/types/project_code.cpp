#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

namespace {

/// Code of an investment project, GB/T 40058-2021, by its structure alone: year and month, division,
/// industry, kind, serial number.
bool is_project_code(std::string_view text) {
  constexpr std::string_view form = "dddd-dddddd-dd-dd-dddddd";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

}  // namespace

const Type* project_code() {
  static const Coded type(
      "project_code", is_project_code,
      "项目代码，例如 2105-440704-04-01-123456 / a project code (GB/T 40058) as 2105-440704-04-01-123456",
      "^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$", false);
  return &type;
}

}  // namespace qipan::fields::types
