#include "query/question.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "fields/column.hpp"
#include "fields/type.hpp"
#include "query/names.hpp"
#include "query/through.hpp"

namespace qipan::query {

namespace {

constexpr std::size_t sorts_max = 3;
constexpr std::size_t names_max = 200;

Json json_in(const Statement& statement, int column) {
  return parse_json(statement.text(column), stored_limits).value_or(Json());
}

}  // namespace

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

bool is_sensitive(const Property* property) {
  return property != nullptr && property->field.sensitivity == fields::Sensitivity::sensitive;
}

Json property_value(const Property& property, const Statement& statement, int column) {
  if (statement.is_null(column)) return {};
  if (property.of_unit) return statement.integer(column);
  if (!property.in_json) return fields::column_value(property.field, statement, column);
  return json_in(statement, column);
}

Result<Question> Question::ask(const Collection& collection, const Sight& sight, const Asked& asked) {
  Question question(collection, sight);
  // Columns stay where they are, whatever is asked for besides.
  question.columns_.reserve(collection.properties.size() + 2 + through_max);
  question.take({.name = "id", .kind = Kind::number, .stored = Stored::scaled, .sql = "id"}, nullptr);
  if (collection.place == Collection::Place::rings)
    question.take({.name = "geometry", .kind = Kind::geometry, .stored = Stored::rings, .sql = "geometry"},
                  nullptr);
  if (collection.place == Collection::Place::point)
    question.take(
        {.name = "geometry", .kind = Kind::geometry, .stored = Stored::point, .sql = "x", .sql_north = "y"},
        nullptr);
  for (const Property& property : collection.properties) {
    if (auto column = property.column()) question.take(std::move(*column), &property);
  }
  QIPAN_CHECK(question.read_filter(asked));
  QIPAN_CHECK(question.read_sorts(asked.sort));
  QIPAN_CHECK(question.read_properties(asked.properties));
  return question;
}

void Question::take(Column column, const Property* property) {
  column.units = sight_->units;
  columns_.push_back(std::move(column));
  of_columns_.push_back(property);
}

const Property* Question::property(std::string_view name) {
  if (const Property* own = collection_->property(name)) return own;
  for (const Property& one : through_) {
    if (one.field.name == name) return &one;
  }
  if (through_.size() == through_max) return nullptr;
  auto found = through(*collection_, *sight_, name);
  auto column = found ? found->column() : std::nullopt;
  if (!column) return nullptr;
  through_.push_back(std::move(*found));
  column->costly = true;
  take(std::move(*column), &through_.back());
  return &through_.back();
}

void Question::note_names(const Expression& expression) {
  if (expression.form == Expression::Form::property) (void)property(expression.text);
  for (const Expression& argument : expression.arguments) note_names(argument);
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
  note_names(expression);
  QIPAN_TRY(filter, Filter::bind(expression, columns_));
  for (const std::size_t place : filter.reads()) use(of_columns_[place]);
  filter_ = std::move(filter);
  return {};
}

void Question::use(const Property* property) {
  uses_sensitive_ = uses_sensitive_ || is_sensitive(property);
}

const Column* Question::column(const Property& property) const {
  for (std::size_t place = 0; place < of_columns_.size(); ++place) {
    if (of_columns_[place] == &property) return &columns_[place];
  }
  return nullptr;
}

Result<void> Question::read_sorts(std::string_view text) {
  if (text.empty()) return {};
  for (const std::string& part : parts_of(text)) {
    const bool descending = part.starts_with('-');
    const std::string name = part.substr(descending || part.starts_with('+') ? 1 : 0);
    const bool is_number = name == "id";
    const Property* property = is_number ? nullptr : this->property(name);
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
    const Property* property = this->property(name);
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

}  // namespace qipan::query
