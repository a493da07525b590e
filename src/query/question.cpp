#include "query/question.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "fields/column.hpp"
#include "fields/type.hpp"

namespace qipan::query {

namespace {

constexpr std::size_t sorts_max = 3;
constexpr std::size_t names_max = 200;

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  int depth = 0;
  for (std::size_t from = 0, at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || (depth > 0 && at < text.size())) continue;
    parts.emplace_back(text.substr(from, at - from));
    from = at + 1;
  }
  return parts;
}

Json json_in(const Statement& statement, int column) {
  return parse_json(statement.text(column), stored_limits).value_or(Json());
}

bool is_sensitive(const Property* property) {
  return property != nullptr && property->field.sensitivity == fields::Sensitivity::sensitive;
}

}  // namespace

Json property_value(const Property& property, const Statement& statement, int column) {
  if (statement.is_null(column)) return {};
  if (property.of_unit) return statement.integer(column);
  if (!property.in_json) return fields::column_value(property.field, statement, column);
  return json_in(statement, column);
}

Result<Question> Question::ask(const Collection& collection, const Sight& sight, const Asked& asked) {
  Question question(collection, sight);
  auto columns = std::make_shared<std::vector<Column>>();
  const auto take = [&](Column column, const Property* property) {
    column.units = sight.units;
    columns->push_back(std::move(column));
    question.of_columns_.push_back(property);
  };
  take({.name = "id", .kind = Kind::number, .stored = Stored::scaled, .sql = "id"}, nullptr);
  if (collection.place == Collection::Place::rings)
    take({.name = "geometry", .kind = Kind::geometry, .stored = Stored::rings, .sql = "geometry"}, nullptr);
  if (collection.place == Collection::Place::point)
    take({.name = "geometry", .kind = Kind::geometry, .stored = Stored::point, .sql = "x", .sql_north = "y"},
         nullptr);
  for (const Property& property : collection.properties) {
    if (auto column = property.column()) take(std::move(*column), &property);
  }
  question.columns_ = std::move(columns);
  QIPAN_CHECK(question.read_filter(asked));
  QIPAN_CHECK(question.read_sorts(asked.sort));
  QIPAN_CHECK(question.read_properties(asked.properties));
  return question;
}

Result<void> Question::read_filter(const Asked& asked) {
  if (asked.filter.empty()) return {};
  Expression expression;
  if (asked.filter_is_json) {
    QIPAN_TRY(json,
              parse_json(asked.filter, {.bytes_max = Limits::bytes_max, .depth_max = 2 * Limits::depth_max}));
    QIPAN_TRY(read, read_json(json));
    expression = std::move(read);
  } else {
    QIPAN_TRY(read, read_text(asked.filter));
    expression = std::move(read);
  }
  QIPAN_TRY(filter, Filter::bind(expression, *columns_));
  for (const std::size_t place : filter.reads()) use(of_columns_[place]);
  filter_ = std::move(filter);
  return {};
}

void Question::use(const Property* property) {
  uses_sensitive_ = uses_sensitive_ || is_sensitive(property);
}

const Column* Question::column(const Property& property) const {
  for (std::size_t place = 0; place < of_columns_.size(); ++place) {
    if (of_columns_[place] == &property) return &(*columns_)[place];
  }
  return nullptr;
}

Result<void> Question::read_sorts(std::string_view text) {
  if (text.empty()) return {};
  for (const std::string& part : parts_of(text)) {
    const bool descending = part.starts_with('-');
    const std::string name = part.substr(descending || part.starts_with('+') ? 1 : 0);
    const bool is_number = name == "id";
    const Property* property = is_number ? nullptr : collection_->property(name);
    const Column* own = property == nullptr ? nullptr : column(*property);
    const bool sortable = own != nullptr && property->sortable && own->kind != Kind::geometry &&
                          own->kind != Kind::list && own->stored != Stored::unit;
    // Numbers of rows are unique: what stands behind would decide nothing.
    const bool decided = !sorts_.empty() && sorts_.back().column == nullptr;
    if (decided || !(is_number || sortable) || sorts_.size() == sorts_max)
      return invalid("sort-unfit", "sort", shortened(part),
                     "at most " + std::to_string(sorts_max) +
                         " columns that can be sorted by, with - before one to "
                         "begin with the greatest",
                     "see /api/v1/collections/" + collection_->name);
    use(property);
    sorts_.push_back({own, descending});
  }
  return {};
}

Result<void> Question::read_properties(std::string_view text) {
  if (text.empty()) {
    for (const Property& property : collection_->properties) properties_.push_back(&property);
    return {};
  }
  if (text == "none" && collection_->property(text) == nullptr) return {};
  const auto names = parts_of(text);
  for (const std::string& name : names) {
    const Property* property = collection_->property(name);
    if (property == nullptr || names.size() > names_max ||
        std::find(properties_.begin(), properties_.end(), property) != properties_.end())
      return invalid("properties-unfit", "properties", shortened(name),
                     "columns of the collection, each once", "see /api/v1/collections/" + collection_->name);
    properties_.push_back(property);
  }
  return {};
}

void Question::add_scope(Where& where, const UnitSet& units) const {
  if (units.all || collection_->units.empty()) return where.add("1");
  where.add("(0");
  for (const std::string& column : collection_->units) {
    where.add(" OR " + column + " IN (SELECT value FROM json_each(?))");
    where.bind(units.ids);
  }
  where.add(")");
}

void Question::add_where(Where& where, bool narrows) const {
  where.add(collection_->condition.empty() ? "1" : "(" + collection_->condition + ")");
  where.add(" AND (");
  add_scope(where, sight_->finds);
  for (const auto& [kind, units] : sight_->kinds) {
    where.add(" OR (" + collection_->kind_sql + "=? AND ");
    where.bind(kind);
    add_scope(where, units);
    where.add(")");
  }
  where.add(")");
  if (narrows) {
    where.add(" AND ");
    add_scope(where, sight_->sees);
  }
  if (!filter_) return;
  where.add(" AND ");
  filter_->add_to(where);
}

namespace {

/// A sort as SQL: what it orders by, and what a cursor keeps of a row.
struct Key {
  std::string order;
  std::string kept;
  std::string bound;  // a kept value as what it orders by
  bool descending;
};

Key key_of(const Sort& sort) {
  const Column* column = sort.column;
  if (column == nullptr) return {"id", "id", "?", sort.descending};
  const std::string value = column->value_sql();
  if (column->chinese) return {"pinyin_key_1(" + value + ")", value, "pinyin_key_1(?)", sort.descending};
  // Without its Z a whole second is the beginning of its parts.
  if (column->stored == Stored::told)
    return {"rtrim(" + value + ",'Z')", value, "rtrim(?,'Z')", sort.descending};
  return {value, value, "?", sort.descending};
}

void bind_key(Where& where, const Json& value) {
  value.is_integer() ? where.bind(value.integer()) : where.bind(value.text());
}

/// What comes behind the cursor, from its key `at` on: nothing last, whichever way round.
void add_behind(Where& where, const std::vector<Key>& keys, const Cursor& cursor, bool descending,
                std::size_t at = 0) {
  if (at == keys.size()) {
    where.add(descending ? "id<?" : "id>?");
    return where.bind(cursor.id);
  }
  const Key& key = keys[at];
  const Json& value = cursor.keys[at];
  if (value.is_null()) {
    where.add("(" + key.order + " IS NULL AND ");
    add_behind(where, keys, cursor, descending, at + 1);
    return where.add(")");
  }
  where.add("(" + key.order + (key.descending ? "<" : ">") + key.bound);
  bind_key(where, value);
  // Within the first key's own part there is no null.
  if (at > 0) where.add(" OR " + key.order + " IS NULL");
  where.add(" OR (" + key.order + "=" + key.bound + " AND ");
  bind_key(where, value);
  add_behind(where, keys, cursor, descending, at + 1);
  where.add("))");
}

std::string order_by(const std::vector<Key>& keys, bool descending, std::size_t from) {
  std::string sql;
  for (std::size_t at = from; at < keys.size(); ++at) {
    if (at > 0) sql += keys[at].order + " IS NULL, ";
    sql += keys[at].order + (keys[at].descending ? " DESC, " : ", ");
  }
  return " ORDER BY " + sql + (descending ? "id DESC" : "id");
}

}  // namespace

std::string Question::select() const {
  std::string sql = "SELECT id, " + (collection_->kind_sql.empty() ? "NULL" : collection_->kind_sql);
  sql += collection_->place == Collection::Place::point   ? ", x, y"
         : collection_->place == Collection::Place::rings ? ", geometry, NULL"
                                                          : ", NULL, NULL";
  for (const std::string& unit : collection_->units) sql += ", " + unit;
  for (const Sort& sort : sorts_) sql += ", " + key_of(sort).kept;
  for (const Property* property : properties_) sql += ", " + property->told_sql();
  return sql + " FROM " + collection_->table;
}

Row Question::row(const Statement& statement) const {
  int at = 4;
  Row row{.id = statement.integer(0),
          .kind = statement.is_null(1) ? collection_->name : std::string(statement.text(1)),
          .sees = sight_->sees.all || collection_->units.empty()};
  if (!statement.is_null(2)) {
    const bool rings = collection_->place == Collection::Place::rings;
    Json stored = rings ? json_in(statement, 2)
                        : Json(Json::Array{Json(statement.integer(2)), Json(statement.integer(3))});
    row.geometry = geojson_of(rings ? Stored::rings : Stored::place, stored);
  }
  for (std::size_t unit = 0; unit < collection_->units.size(); ++unit)
    row.sees = sight_->sees.has(statement.integer(at++)) || row.sees;
  at += static_cast<int>(sorts_.size());
  for (const Property* property : properties_)
    row.values.push_back(property_value(*property, statement, at++));
  return row;
}

Json Question::key_in(const Statement& statement, int place) {
  constexpr int integer_type = 1;  // SQLITE_INTEGER
  if (statement.is_null(place)) return {};
  return statement.type(place) == integer_type ? Json(statement.integer(place)) : Json(statement.text(place));
}

std::optional<Cursor> Question::cursor_behind(Database& reader, std::int64_t id) const {
  std::string names = "id";
  for (const Sort& sort : sorts_) names += ", " + key_of(sort).kept;
  auto statement = reader.prepare_once("SELECT " + names + " FROM " + collection_->table + " WHERE id=?");
  statement.bind(id);
  if (!statement.step()) return std::nullopt;
  Cursor cursor{.id = id};
  for (std::size_t at = 0; at < sorts_.size(); ++at)
    cursor.keys.push_back(key_in(statement, static_cast<int>(at) + 1));
  return cursor;
}

void Question::each(Database& reader, const std::optional<Cursor>& after, std::int64_t most,
                    const Take& take) const {
  Filter::prepare(reader);
  std::vector<Key> keys;
  keys.reserve(sorts_.size());
  for (const Sort& sort : sorts_) keys.push_back(key_of(sort));
  // Rows that are equal in all keys go by number: as asked, else the same way round as the first key.
  const bool descending =
      !keys.empty() && (keys.back().order == "id" ? keys.back() : keys.front()).descending;
  // Numbers themselves are never nothing, and leave nothing to order: no keys.
  while (!keys.empty() && keys.back().order == "id") keys.pop_back();
  const bool by_number = keys.empty();
  const int first_value = 4 + static_cast<int>(collection_->units.size());
  bool more = true;
  for (const bool nothing : {false, true}) {
    const bool passed = !nothing && after && !by_number && after->keys.front().is_null();
    if (!more || most <= 0 || passed || (nothing && by_number)) continue;
    Where where;
    add_where(where, uses_sensitive_);
    if (!by_number) where.add(" AND " + keys.front().order + (nothing ? " IS NULL" : " IS NOT NULL"));
    // A cursor of a row that has a value lies before all that have none.
    if (after && (by_number || after->keys.front().is_null() == nothing)) {
      where.add(" AND ");
      add_behind(where, keys, *after, descending);
    }
    auto statement = reader.prepare_once(select() + " WHERE " + where.sql() +
                                         order_by(keys, descending, nothing ? 1 : 0) + " LIMIT ?");
    where.bind_to(statement);
    statement.bind(most);
    while (more && statement.step()) {
      --most;
      Cursor here{.id = statement.integer(0)};
      for (std::size_t at = 0; at < sorts_.size(); ++at)
        here.keys.push_back(key_in(statement, first_value + static_cast<int>(at)));
      more = take(row(statement), here);
    }
  }
}

std::optional<Row> Question::one(Database& reader, std::int64_t id) const {
  Filter::prepare(reader);
  Where where;
  add_where(where, uses_sensitive_);
  where.add(" AND id=?");
  where.bind(id);
  auto statement = reader.prepare_once(select() + " WHERE " + where.sql());
  where.bind_to(statement);
  return statement.step() ? std::optional(row(statement)) : std::nullopt;
}

void Question::each_of(Database& reader, const std::vector<std::int64_t>& ids,
                       const std::function<bool(Row row)>& take) const {
  Filter::prepare(reader);
  Where where;
  add_where(where, uses_sensitive_);
  where.add(" AND id IN (SELECT value FROM json_each(?))");
  where.bind(ids);
  auto statement = reader.prepare_once(select() + " WHERE " + where.sql() + " ORDER BY id DESC");
  where.bind_to(statement);
  while (statement.step() && take(row(statement))) {
  }
}

std::int64_t Question::total(Database& reader) const {
  Filter::prepare(reader);
  Where where;
  add_where(where, uses_sensitive_);
  auto statement =
      reader.prepare_once("SELECT count(*) FROM " + collection_->table + " WHERE " + where.sql());
  where.bind_to(statement);
  return statement.step() ? statement.integer(0) : 0;
}

namespace {

tl::unexpected<Problem> unfit_group(std::string_view field, std::string_view part,
                                    const Collection& collection) {
  return invalid("group-unfit", field, shortened(part),
                 field == "by" ? "one to three columns that can be grouped by"
                               : "count, or sum, avg, min or max of a column, as sum(price): at most ten",
                 "see /api/v1/collections/" + collection.name);
}

constexpr std::size_t by_max = 3;
constexpr std::size_t of_max = 10;

}  // namespace

Result<Question::Grouping> Question::grouping(std::string_view by, std::string_view of) const {
  Grouping grouping;
  const auto known = [&](std::string_view name) -> const Property* {
    const Property* property = collection_->property(name);
    const Column* own = property == nullptr ? nullptr : column(*property);
    const bool plain = own != nullptr && own->kind != Kind::geometry && own->kind != Kind::list;
    return plain ? property : nullptr;
  };
  for (const std::string& part : parts_of(by)) {
    const Property* property = known(part);
    if (property == nullptr || grouping.by.size() == by_max) return unfit_group("by", part, *collection_);
    grouping.by.push_back(property);
  }
  for (const std::string& part : of.empty() ? std::vector<std::string>{"count"} : parts_of(of)) {
    const auto open = part.find('(');
    Grouping::Measure measure{part.substr(0, open), nullptr};
    const bool takes = measure.aggregate == "sum" || measure.aggregate == "avg" ||
                       measure.aggregate == "min" || measure.aggregate == "max";
    if (takes && open != std::string::npos && part.ends_with(')'))
      measure.of = known(std::string_view(part).substr(open + 1, part.size() - open - 2));
    const bool numeric = measure.aggregate == "sum" || measure.aggregate == "avg";
    const bool fits = takes ? measure.of != nullptr && !measure.of->of_unit &&
                                  (!numeric || column(*measure.of)->kind == Kind::number)
                            : part == "count";
    if (!fits || grouping.of.size() == of_max) return unfit_group("of", part, *collection_);
    grouping.of.push_back(measure);
  }
  return grouping;
}

namespace {

constexpr const char* half = "1000000000";

/// Whole numbers of the last digit as digits with a point; a mean with two digits more.
Json scaled_json(std::optional<Decimal> value, std::int64_t digits, bool mean) {
  for (std::int64_t digit = 0; value && digit < digits; ++digit)
    value = value->over(Decimal(std::int64_t{10}));
  constexpr int more_digits = 2;
  const int kept = static_cast<int>(digits) + (mean ? more_digits : 0);
  if (value) value = value->rounded(kept, Decimal::Rounding::half_even);
  if (!value) return {};
  const auto whole = value->integer();
  return whole ? Json(*whole) : Json(Json::Decimal{value->text()});
}

/// What three columns of a statement, from `at` on, say of a group.
Json measured(const Question::Grouping::Measure& measure, const Column* column, const Statement& statement,
              int at) {
  if (statement.is_null(at)) return {};
  if (measure.of == nullptr) return statement.integer(at);
  if (column->kind == Kind::number) {
    auto value = std::optional(Decimal(statement.integer(at)));
    if (!statement.is_null(at + 2)) {
      value = value->times(*Decimal::parse(half));
      if (value) value = value->plus(Decimal(statement.integer(at + 1)));
      if (value && measure.aggregate == "avg") value = value->over(Decimal(statement.integer(at + 2)));
    }
    return scaled_json(value, column->digits, measure.aggregate == "avg");
  }
  if (column->kind == Kind::boolean) return statement.integer(at) != 0;
  // The greatest of what a JSON object holds is a text of it.
  return measure.of->in_json ? Json(statement.text(at)) : property_value(*measure.of, statement, at);
}

}  // namespace

Result<std::vector<Group>> Question::groups(Database& reader, const Grouping& grouping) const {
  Filter::prepare(reader);
  bool narrows = uses_sensitive_;
  const auto note = [&](const Property* property) { narrows = narrows || is_sensitive(property); };
  std::string names;
  std::string selected;
  for (const Property* property : grouping.by) {
    note(property);
    names += (names.empty() ? "" : ", ") + property->told_sql();
  }
  for (const Grouping::Measure& measure : grouping.of) {
    note(measure.of);
    if (measure.of == nullptr) {
      selected += ", count(*), NULL, NULL";
      continue;
    }
    const std::string value = column(*measure.of)->value_sql();
    if (measure.aggregate == "sum" || measure.aggregate == "avg") {
      // In halves: together they may be more than a column holds.
      for (const char* part : {"/", "%"})
        selected.append(", sum(").append(value).append(part).append(half).append(")");
      selected.append(", count(").append(value).append(")");
    } else {
      selected += ", " + measure.aggregate + "(" + value + "), NULL, NULL";
    }
  }
  Where where;
  add_where(where, narrows);
  auto statement =
      reader.prepare_once("SELECT " + names + selected + " FROM " + collection_->table + " WHERE " +
                          where.sql() + " GROUP BY " + names + " ORDER BY " + names + " LIMIT ?");
  where.bind_to(statement);
  statement.bind(groups_max + 1);
  std::vector<Group> groups;
  while (statement.step()) {
    if (static_cast<std::int64_t>(groups.size()) == groups_max)
      return refuse({Problem::Kind::too_large, "group-too-many", "by", "",
                     "at most " + std::to_string(groups_max) + " groups", "group by less, or filter"});
    Group group;
    int at = 0;
    for (const Property* property : grouping.by)
      group.by.push_back(property_value(*property, statement, at++));
    for (const Grouping::Measure& measure : grouping.of) {
      group.of.push_back(
          measured(measure, measure.of == nullptr ? nullptr : column(*measure.of), statement, at));
      at += 3;
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace qipan::query
