#include "fields/types/plain.hpp"

#include "base/text.hpp"

namespace qipan::fields::types {

Result<Json> PlainText::read(const Field& field, const Json& value, const std::string& path) const {
  if (value.is_text() && is_text_of(value.text(), field.low, field.high, lines_)) return value;
  const std::string low = std::to_string(field.low);
  const std::string high = std::to_string(field.high);
  return unfit(field, value, path,
               low + " 至 " + high + " 个字，不含控制字符 / a text of " + low + " to " + high +
                   " characters without control characters");
}

void PlainText::describe(const Field& field, Json& schema) const {
  schema.set("type", "string").set("minLength", field.low).set("maxLength", field.high);
  schema.set("pattern", lines_ ? R"(^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$)"
                               : R"(^[^\u0000-\u001f\u007f]*$)");
}

}  // namespace qipan::fields::types
