#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/title.hpp"

namespace qipan::fields {

class Type;

/// Who may read a value, from the widest: everybody; the party that it is about; the office alone; who has a
/// right of its own for it; nobody, as it lies in the vault and is revealed one by one, with a reason and a
/// record.
enum class Sensitivity { open, party, internal, sensitive, personal };

struct Option {
  std::string value;
  Title title;
  bool operator==(const Option&) const = default;
};

/// One field of a register, a case type, a command's body or a form, as it is declared: the one vocabulary of
/// all of them. What `low` and `high` bound is the type's matter: characters, the amount itself, a count.
struct Field {
  std::string name;
  const Type* type = nullptr;  // one of all_types()
  Title title;
  Title help;
  Sensitivity sensitivity = Sensitivity::internal;
  bool required = false;
  bool unique = false;
  bool indexed = false;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t digits = 0;      // behind the point
  std::string unit;             // of measure, as it is printed behind the value
  std::vector<Option> options;  // of choices
  std::vector<std::string> to;  // kinds of subjects that a reference may name
  std::vector<Field> columns;   // of rows
  bool party = false;           // of a reference: whom it names is the party of what has the field

  [[nodiscard]] bool personal() const { return sensitivity == Sensitivity::personal; }
};

[[nodiscard]] std::string_view name_of(Sensitivity sensitivity);
/// Adds the kinds of subjects that the field, or a column of it, refers to.
void add_referred(const Field& field, std::vector<std::string>& kinds);
/// The one that names the party; null for none.
[[nodiscard]] const Field* party_field(const std::vector<Field>& fields);
[[nodiscard]] const Field* find(const std::vector<Field>& fields, std::string_view name);

}  // namespace qipan::fields
