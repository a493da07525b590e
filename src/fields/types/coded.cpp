#include "fields/types/coded.hpp"

#include <algorithm>

namespace qipan::fields::types {

Result<Json> Coded::read(const Field& field, const Json& value, const std::string& path) const {
  if (value.is_text() && fits_(value.text())) return value;
  return unfit(field, value, path, std::string(rule_));
}

void Coded::describe(const Field&, Json& schema) const {
  schema.set("type", "string").set("pattern", pattern_);
  if (checked_) schema.set("format", name());
}

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace qipan::fields::types
