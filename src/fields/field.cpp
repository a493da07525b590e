#include "fields/field.hpp"

namespace qipan::fields {

std::string_view name_of(Sensitivity sensitivity) {
  static constexpr std::string_view names[] = {"public", "party", "internal", "sensitive", "personal"};
  return names[static_cast<std::size_t>(sensitivity)];
}

void add_referred(const Field& field, std::vector<std::string>& kinds) {
  kinds.insert(kinds.end(), field.to.begin(), field.to.end());
  for (const Field& column : field.columns) add_referred(column, kinds);
}

const Field* party_field(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    if (field.party) return &field;
  }
  return nullptr;
}

const Field* find(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace qipan::fields
