#pragma once

#include <compare>
#include <optional>
#include <span>

#include "base/database.hpp"
#include "base/json.hpp"
#include "expr/type.hpp"
#include "fields/field.hpp"

namespace qipan::fields {

/// What a declaration of a type may say besides what every field says; anything else is refused.
struct Attributes {
  /// Bounds where none are declared, and how far they may be declared. None: the type takes no bounds.
  struct Bounds {
    std::int64_t low, high;
    std::int64_t least, most;
  };
  std::optional<Bounds> bounds;
  std::optional<std::int64_t> digits;  // taken, and how many without a word
  bool unit = false;
  bool options = false;
  bool to = false;
  bool columns = false;
  bool serial = false;    // made by the board, by a pattern that the declaration says
  bool contents = false;  // values name what lies in the content store
  bool key = false;       // a value of it can name an entry of a register
  /// Whether a value can stand in the vault, and whether it can stand nowhere else.
  enum class Personal { never, may, always } personal = Personal::never;
};

/// A type of fields: all that a value of it is in JSON, in a column, in a table of a spreadsheet, in FEEL.
/// One object a type, which never changes; any thread may ask.
class Type {
 public:
  explicit Type(std::string_view name) : name_(name) {}
  virtual ~Type() = default;
  Type(const Type&) = delete;
  Type& operator=(const Type&) = delete;

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] virtual Attributes attributes() const { return {}; }

  /// The value in the one form in which facts, columns and answers hold it, so that equal values are equal
  /// JSON; refused (`field-unfit` at `path`) where it is none of this field.
  [[nodiscard]] virtual Result<Json> read(const Field& field, const Json& value,
                                          const std::string& path) const = 0;
  /// Members of its JSON Schema (2020-12), which takes the same values. What a pattern cannot say, such as
  /// check digits, stands as a `format` of the type's name.
  virtual void describe(const Field& field, Json& schema) const = 0;

  /// Its column: whether of integers, else of text; and a value of it there.
  [[nodiscard]] virtual bool integer_column() const { return false; }
  virtual void bind(const Field& field, Statement& statement, const Json& value) const;
  [[nodiscard]] virtual Json stored(const Field& field, const Statement& statement, int column) const;

  /// As a cell of CSV or a spreadsheet, and back: then still to be read().
  [[nodiscard]] virtual std::string cell(const Field& field, const Json& value) const;
  [[nodiscard]] virtual Result<Json> from_cell(const Field& field, std::string_view text,
                                               const std::string& path) const;

  /// In guards and rules. Null is null in every type.
  [[nodiscard]] virtual expr::TypePtr expression_type(const Field& field) const;
  [[nodiscard]] virtual expr::Value expression_value(const Field& field, const Json& value) const;

  /// Order of two values as read() gives them; where lists sort by it, empty ones come last.
  [[nodiscard]] virtual std::strong_ordering compare(const Field& field, const Json& left,
                                                     const Json& right) const;

 private:
  std::string_view name_;
};

[[nodiscard]] std::span<const Type* const> all_types();
/// Nothing for a name that no type has.
[[nodiscard]] const Type* type_of(std::string_view name);

/// `field-unfit`; personal values never stand in a problem. The rule is told in both languages, "中文 /
/// English": the pages show the reader's.
[[nodiscard]] tl::unexpected<Problem> unfit(const Field& field, const Json& value, const std::string& path,
                                            std::string rule);

}  // namespace qipan::fields
