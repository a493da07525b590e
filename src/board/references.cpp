#include "board/references.hpp"

#include "board/subject.hpp"

namespace qipan::board {

Result<void> check_references(Database& reader, const fields::Form& form, const Json& values,
                              const std::string& path) {
  for (const auto& asked : form) {
    const fields::Field& field = *asked.field;
    const Json& value = values[field.name];
    if (value.is_null()) continue;
    const std::string place = path + "/" + field.name;
    if (!field.to.empty() && history_of(reader, value.text(), 1).empty()) {
      return refuse({Problem::Kind::not_found, "reference-unknown", place, value.text(),
                     "something that is there", "look it up in its list"});
    }
    if (field.columns.empty()) continue;
    const fields::Form columns = fields::whole_form(field.columns);
    std::int64_t row = 0;
    for (const Json& one : value.items())
      QIPAN_CHECK(check_references(reader, columns, one, place + "/" + std::to_string(row++)));
  }
  return {};
}

}  // namespace qipan::board
