#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/title.hpp"

namespace qipan::fields {

class Type;
class Feel;

/// Who may read a value, from the widest: everybody; the party that it is about; the office alone; who has a
/// right of its own for it; nobody, as it lies in the vault and is revealed one by one, with a reason and a
/// record.
enum class Sensitivity { open, party, internal, sensitive, personal };

struct Option {
  std::string value;
  Title title;
  bool operator==(const Option&) const = default;
};

/// FEEL over the fields beside it and, through references, of others (fields/conditions.hpp); empty: nothing
/// is said.
struct Condition {
  std::string text;
  std::shared_ptr<const Feel> compiled = nullptr;
};
/// What must hold, and what is told where it does not.
struct Check {
  Condition rule;
  Title title;
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
  Condition visible;            // whether it is asked for
  Condition required_when;      // whether it must be there, besides `required`
  Condition otherwise;          // what stands there without a word
  Condition computed;           // what stands there whatever anybody says: of the fields declared before it
  std::vector<Check> checks;
  /// "REFERENCE.FIELD": what the entry that a reference beside it names has there is offered to who fills in
  /// a form; what stands there is what they send.
  std::string prefill;
  std::string serial;     // of serial numbers: how they are made, as "QS{year}{number:4}"
  bool by_cases = false;  // of a register: once it is there, only what cases do changes it
  bool party = false;     // of a reference: whom it names is the party of what has the field

  /// Whether anything beside it decides about it.
  [[nodiscard]] bool is_conditional() const {
    return is_computed() || !visible.text.empty() || !required_when.text.empty() || !otherwise.text.empty() ||
           !checks.empty();
  }
  /// Whether a form can ask for it, and whoever fills it in says it.
  [[nodiscard]] bool is_said() const { return serial.empty() && !is_computed(); }
  [[nodiscard]] bool is_computed() const { return !computed.text.empty(); }
  [[nodiscard]] bool personal() const { return sensitivity == Sensitivity::personal; }
};

[[nodiscard]] std::string_view name_of(Sensitivity sensitivity);
/// Adds the kinds of subjects that the field, or a column of it, refers to.
void add_referred(const Field& field, std::vector<std::string>& kinds);
/// The one that names the party; null for none.
[[nodiscard]] const Field* party_field(const std::vector<Field>& fields);
[[nodiscard]] const Field* find(const std::vector<Field>& fields, std::string_view name);

}  // namespace qipan::fields
