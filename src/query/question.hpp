#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "query/collection.hpp"
#include "query/filter.hpp"

namespace qipan::query {

struct Sort {
  const Column* column = nullptr;  // null: the number
  bool descending = false;
};

/// What a reader asks of a collection.
struct Asked {
  std::string filter;  // CQL2; empty: all
  bool filter_is_json = false;
  std::string sort;        // "-created,name": the sign for the other way round
  std::string properties;  // which of them, by name; empty: all; "none": none
};

/// A page's place, opened: what its last row sorts by, and its number.
struct Cursor {
  std::vector<Json> keys;
  std::int64_t id = 0;
};

struct Row {
  std::int64_t id = 0;
  std::string kind;
  Json geometry;             // GeoJSON; null for none
  std::vector<Json> values;  // of the properties asked for, in order; null for none
  bool sees = true;          // whether the reader sees its sensitive values
};

struct Group {
  std::vector<Json> by;  // values of the properties grouped by
  std::vector<Json> of;  // what was asked of each group, in order
};

/// A reader's question about a collection: read, held against what the reader may see, and answered from one
/// snapshot. To use a property in a filter, a sort or a group is to read it: rows narrow to those where the
/// reader sees it (design §4b.13). Collection and sight outlive it. Used by one thread.
class Question {
 public:
  /// Filter and sorts point into it, which moving leaves where it is.
  Question(Question&&) = default;
  Question& operator=(Question&&) = default;
  /// Refused (`filter-…`, `sort-unfit`, `properties-unfit`) where it asks for what there is not.
  [[nodiscard]] static Result<Question> ask(const Collection& collection, const Sight& sight,
                                            const Asked& asked);

  [[nodiscard]] const std::vector<const Property*>& properties() const { return properties_; }
  [[nodiscard]] const std::vector<Sort>& sorts() const { return sorts_; }

  /// So many rows at most behind the cursor, in order: by the sorts, nothing last, then by number. With each
  /// what a cursor behind it must know. False from `take` ends it.
  using Take = std::function<bool(Row row, const Cursor& here)>;
  void each(Database& reader, const std::optional<Cursor>& after, std::int64_t most, const Take& take) const;
  /// What a cursor behind the row of that number must know; nothing where there is no such row. Whoever holds
  /// its number was shown it.
  [[nodiscard]] std::optional<Cursor> cursor_behind(Database& reader, std::int64_t id) const;
  /// The row of that number, where the reader may see it.
  [[nodiscard]] std::optional<Row> one(Database& reader, std::int64_t id) const;
  /// Those of these numbers that the reader may see, greatest first. False from `take` ends it.
  void each_of(Database& reader, const std::vector<std::int64_t>& ids,
               const std::function<bool(Row row)>& take) const;
  [[nodiscard]] std::int64_t total(Database& reader) const;

  /// "state,month(created)" and "count,sum(price)": what each group has, ordered by what it is grouped by.
  /// Parts of times are the district's: a day 2026-03-01, a week the day it begins on, a month 2026-03, a
  /// quarter 2026-Q1, a year 2026; the weekday from 1 for Monday, the hour from 0. By nothing: all as one
  /// group. Refused
  /// (`group-unfit`) where there is no such property, aggregate, or more than `groups_max` groups.
  static constexpr std::int64_t groups_max = 2'000;
  struct Grouping {
    struct By {
      const Property* property = nullptr;
      std::string part;  // of a date or time: year, quarter, month, week, day, weekday, hour; empty: itself
      /// "created", "month(created)": as answers call it.
      [[nodiscard]] std::string name() const;
    };
    std::vector<By> by;
    struct Measure {
      std::string aggregate;  // count, distinct, sum, avg, min, max, share, rank
      const Property* of = nullptr;
      std::int64_t percent = 0;  // of a rank: the least value that so many of a hundred do not exceed
    };
    std::vector<Measure> of;
  };
  [[nodiscard]] Result<Grouping> grouping(std::string_view by, std::string_view of);
  [[nodiscard]] Result<std::vector<Group>> groups(Database& reader, const Grouping& grouping) const;

 private:
  Question(const Collection& collection, const Sight& sight) : collection_(&collection), sight_(&sight) {}
  Result<void> read_filter(const Asked& asked);
  Result<void> read_sorts(std::string_view text);
  Result<void> read_properties(std::string_view text);
  /// The collection's own of that name, or what lies through its references; null for neither.
  const Property* property(std::string_view name);
  /// The same of one value a row; null for lists and places.
  const Property* plain(std::string_view name);
  Result<Grouping::By> grouped_by(const std::string& text);
  void take(Column column, const Property* property);
  /// Makes columns of what a filter asks for through references.
  void note_names(const Expression& expression);
  [[nodiscard]] const Column* column(const Property& property) const;
  /// Notes that the answer depends on a property: where it is sensitive, rows narrow.
  void use(const Property* property);
  void add_where(Where& where, bool narrows) const;
  void add_scope(Where& where, const UnitSet& units) const;
  [[nodiscard]] std::string select() const;
  [[nodiscard]] static Json key_in(const Statement& statement, int place);
  [[nodiscard]] Row row(const Statement& statement) const;

  const Collection* collection_;
  const Sight* sight_;
  std::vector<const Property*> properties_;
  std::vector<Sort> sorts_;
  /// What is asked for through references, at most so many; columns and properties stay where they are.
  static constexpr std::size_t through_max = 20;
  std::deque<Property> through_;
  std::vector<Column> columns_;              // of what filters may ask for, in order
  std::vector<const Property*> of_columns_;  // whose they are; null for the row's number and place
  std::optional<Filter> filter_;
  bool uses_sensitive_ = false;
};

/// The value of a property as it lies in a statement's column.
[[nodiscard]] Json property_value(const Property& property, const Statement& statement, int column);

}  // namespace qipan::query
