#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/value.hpp"

namespace qipan::expr {

class Machine;
struct Type;
using TypePtr = std::shared_ptr<const Type>;

/// What an item definition allows beyond its shape (allowedValues, typeConstraint).
class Constraint {
 public:
  virtual ~Constraint() = default;
  [[nodiscard]] virtual bool holds(Machine& machine, const Value& value) const = 0;
  [[nodiscard]] virtual const std::string& text() const = 0;
};

/// A type of FEEL's lattice (DMN 1.5, 10.3.2.9). `any` is above, `null` below all others.
struct Type {
  enum class Kind {
    any,
    null,
    boolean,
    number,
    text,
    date,
    time,
    date_time,
    years_months,
    days_time,
    list,
    context,
    range,
    function,
  };
  struct Field {
    std::string name;
    TypePtr type;
  };

  Kind kind = Kind::any;
  std::string name;                 // of the item definition, if it has one
  TypePtr element;                  // of a list or range
  std::vector<Field> fields;        // of a context
  std::vector<TypePtr> parameters;  // of a function
  TypePtr result;
  bool any_parameters = false;  // `function` without its parameters
  std::shared_ptr<const Constraint> constraint;

  [[nodiscard]] const Field* field(std::string_view wanted) const;
};

[[nodiscard]] TypePtr type_of(Type::Kind kind);
[[nodiscard]] TypePtr list_of(TypePtr element);
[[nodiscard]] TypePtr range_of(TypePtr element);
/// A built-in type by its FEEL name ("number", "years and months duration"); null pointer for no such.
[[nodiscard]] TypePtr built_in_type(std::string_view name);
[[nodiscard]] std::string text_of(const Type& type);

/// Whether the value belongs to the type: null to all of them, contexts with further entries too.
[[nodiscard]] bool instance_of(const Value& value, const Type& type);
[[nodiscard]] bool conforms(const Type& type, const Type& wider);

/// The value as that type wants it: itself, out of or into a singleton list, a date as midnight; otherwise
/// null with a diagnostic (DMN 1.5, 10.3.2.9.4). Constraints are checked.
[[nodiscard]] Value coerced(Machine& machine, Value value, const TypePtr& type);
/// Whether that would give the value back, as far as it is seen at once.
[[nodiscard]] bool is_plainly(const Value& value, const Type& type);

}  // namespace qipan::expr
