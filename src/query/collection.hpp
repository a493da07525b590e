#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fields/field.hpp"
#include "query/column.hpp"

namespace qipan::query {

/// What a collection has of each of its subjects: a field, and where it lies.
struct Property {
  fields::Field field;
  std::string sql;  // over a row; of a member of a JSON object, the object
  bool in_json = false;
  std::string member = {};  // of the JSON object, where it is called otherwise there than here
  std::string null_as = {};
  bool of_unit = false;  // the number of a unit, which is called by its code and told with its titles
  bool sortable = true;
  bool searchable = false;

  /// As filters, sorts and groups ask for it; nothing where they cannot.
  [[nodiscard]] std::optional<Column> column() const;
  /// As answers have it.
  [[nodiscard]] std::string told_sql() const;
};

/// Subjects of a kind, as an engine declares them: found, listed, counted, exported and secured by the same
/// code whatever they are. Names and SQL come from declarations, never from a request.
struct Collection {
  std::string name;  // "enterprise": the kind of its subjects, or what several kinds are called
  Title title;
  std::string right;  // what reading asks for: "register/enterprise"; empty: to be somebody who is known
  std::string table;
  std::string condition = {};  // which of the table's rows; empty: all
  std::string called = {};     // the property by which one is called; empty: its number alone
  std::string kind_sql = {};   // where subjects of several kinds lie together, the kind of a row
  std::vector<std::string> units =
      {};  // columns with a unit, of which one must be the reader's; none: all are
  enum class Place { none, point, rings };
  Place place = Place::none;  // columns x and y in 1e-7 degrees, or `geometry` with rings
  std::vector<Property> properties = {};

  [[nodiscard]] const Property* property(std::string_view wanted) const;
};

/// Units in which somebody may do something.
struct UnitSet {
  bool all = false;
  std::vector<std::int64_t> ids = {};  // sorted
  [[nodiscard]] bool has(std::int64_t unit) const;
  [[nodiscard]] bool empty() const { return !all && ids.empty(); }
};

struct Sight;
/// A collection and what the reader may see of it.
struct Target {
  const Collection* collection;
  const Sight* sight;
};
/// Where references lead for one reader.
class Targets {
 public:
  virtual ~Targets() = default;
  /// Subjects of that kind; nothing where the reader may find none of them.
  [[nodiscard]] virtual std::optional<Target> target(std::string_view kind) const = 0;
};

/// What one reader may see of one collection: rows, and in which of them sensitive values.
struct Sight {
  UnitSet finds;
  std::map<std::string, UnitSet> kinds = {};  // of single kinds, where there are several, besides
  UnitSet sees;
  const UnitNames* units = nullptr;
  const Targets* targets = nullptr;  // null: through references nothing can be asked
};

}  // namespace qipan::query
