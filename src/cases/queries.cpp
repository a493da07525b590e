#include "cases/queries.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "geo/polygons.hpp"

namespace qipan::cases {

namespace {

constexpr std::int64_t page_max = 2'000;
constexpr double similar_metres = 50;
constexpr std::int64_t similar_window = microseconds_per_day;
constexpr std::size_t similar_max = 10;

std::vector<UnitId> subtree(const board::Directory& directory, UnitId top) {
  std::vector<UnitId> units;
  for (const auto& [id, unit] : directory.units()) {
    if (directory.is_within(id, top)) units.push_back(id);
  }
  return units;
}

/// A WHERE clause with its parameters, built together so that values never become SQL.
class Where {
 public:
  void add(const std::string& condition) { sql_ += (sql_.empty() ? " WHERE " : " AND ") + condition; }
  template <class Value>
  void add(const std::string& condition, Value value) {
    add(condition);
    bind(std::move(value));
  }
  void bind(std::int64_t value) { values_.emplace_back(value); }
  void bind(std::string value) { values_.emplace_back(std::move(value)); }

  [[nodiscard]] const std::string& sql() const { return sql_; }
  void bind_to(Statement& statement) const {
    for (const auto& value : values_) {
      std::visit([&](const auto& held) { statement.bind(held); }, value);
    }
  }

 private:
  std::string sql_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

/// What the reader may see: every type in some units, single types in others.
void add_reach(Where& where, const board::Reach& reach) {
  if (reach.every.all) return;
  constexpr std::string_view within =
      "(unit IN (SELECT value FROM json_each(?)) OR responsible IN (SELECT value FROM json_each(?)))";
  std::string condition(within);
  std::vector<std::string> values(2, board::ids_json(reach.every.units));
  for (const auto& [type, scope] : reach.kinds) {
    condition += scope.all ? " OR type=?" : " OR (type=? AND " + std::string(within) + ")";
    values.push_back(type);
    if (!scope.all) values.insert(values.end(), 2, board::ids_json(scope.units));
  }
  where.add("(" + condition + ")");
  for (std::string& value : values) where.bind(std::move(value));
}

using Order = CaseFilter::Order;

/// Where a page ended: "id", "due:id" or "lamp:due:id"; a due of "none" is that of a case without a deadline.
struct Cursor {
  std::int64_t lamp = 0;
  std::optional<std::int64_t> due;
  std::int64_t id = 0;
};

std::string cursor_text(const CaseRow& last, Order order) {
  std::string text = std::to_string(last.id.value);
  if (order == Order::newest) return text;
  text = (last.due ? std::to_string(*last.due) : "none") + ":" + text;
  return order == Order::due ? text : std::to_string(last.lamp) + ":" + text;
}

/// The number up to the next colon, or to the end.
std::optional<std::int64_t> next_number(std::string_view& rest) {
  std::int64_t value = 0;
  const std::string_view part = rest.substr(0, rest.find(':'));
  const auto [stop, code] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (code != std::errc() || stop != part.data() + part.size()) return std::nullopt;
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return value;
}

std::optional<Cursor> parse_cursor(std::string_view text, Order order) {
  Cursor cursor;
  if (order == Order::urgent) {
    const auto lamp = next_number(text);
    if (!lamp) return std::nullopt;
    cursor.lamp = *lamp;
  }
  if (order != Order::newest) {
    if (text.starts_with("none:")) {
      text.remove_prefix(5);
    } else if (const auto due = next_number(text)) {
      cursor.due = due;
    } else {
      return std::nullopt;
    }
  }
  const auto id = next_number(text);
  if (!id || !text.empty()) return std::nullopt;
  cursor.id = *id;
  return cursor;
}

void add_cursor(Where& where, const Cursor& cursor, Order order) {
  if (order == Order::newest) return where.add("id<?", cursor.id);
  if (order == Order::due && !cursor.due) return where.add("(due IS NOT NULL OR id>?)", cursor.id);
  if (order == Order::due) {
    where.add("(due>? OR (due=? AND id>?))", *cursor.due);
  } else if (!cursor.due) {
    where.add("(lamp<? OR (lamp=? AND due IS NULL AND id>?))", cursor.lamp);
    where.bind(cursor.lamp);
    return where.bind(cursor.id);
  } else {
    where.add("(lamp<? OR (lamp=? AND (due IS NULL OR due>? OR (due=? AND id>?))))", cursor.lamp);
    where.bind(cursor.lamp);
    where.bind(*cursor.due);
  }
  where.bind(*cursor.due);
  where.bind(cursor.id);
}

std::string_view order_sql(Order order) {
  switch (order) {
    case Order::due:
      return " ORDER BY due, id";
    case Order::urgent:
      return " ORDER BY lamp DESC, due IS NULL, due, id";
    default:
      return " ORDER BY id DESC";
  }
}

void add_duties(Where& where, const std::vector<Duty>& duties, const board::Directory& directory) {
  std::string any;
  for (const Duty& duty : duties) {
    any += (any.empty() ? "" : " OR ") +
           std::string("(type=? AND state IN (SELECT value FROM json_each(?)) AND ") +
           (duty.at_responsible ? "responsible" : "unit") + " IN (SELECT value FROM json_each(?)))";
  }
  where.add(any.empty() ? "0" : "(" + any + ")");
  for (const Duty& duty : duties) {
    std::vector<UnitId> units;
    for (const UnitId top : duty.units) {
      const auto below = subtree(directory, top);
      units.insert(units.end(), below.begin(), below.end());
    }
    where.bind(duty.type);
    where.bind(board::texts_json(duty.states));
    where.bind(board::ids_json(units));
  }
}

void add_mandate(Where& where, const board::Mandate& mandate) {
  where.add(
      "id IN (SELECT p.subject FROM board_parties p JOIN board_kinds k ON k.id=p.kind WHERE p.party=? AND "
      "k.engine='case')",
      mandate.party);
  if (mandate.kinds.empty()) return;
  where.add("type IN (SELECT value FROM json_each(?))", board::texts_json(mandate.kinds));
}

void add_filter(Where& where, const CaseFilter& filter, const board::Directory& directory) {
  if (filter.open) where.add(*filter.open ? "open=1" : "open=0");
  if (filter.late) where.add(*filter.late ? "late=1" : "late=0");
  if (!filter.type.empty()) where.add("type=?", filter.type);
  if (!filter.state.empty()) where.add("state=?", filter.state);
  if (!filter.source.empty()) where.add("source=?", filter.source);
  if (!filter.case_class.empty()) {
    where.add("substr(class,1,?)=?", static_cast<std::int64_t>(filter.case_class.size()));
    where.bind(filter.case_class);
  }
  if (!filter.text.empty()) {
    // Personal values stand as references, which are no texts.
    Json unsearched = Json::array();
    for (const std::string& name : filter.unsearched) unsearched.push(name);
    const std::string searched =
        filter.unsearched.empty()
            ? ""
            : " AND case_cases.type || '/' || f.key NOT IN (SELECT value FROM json_each(?))";
    where.add(
        "(CAST(id AS TEXT)=? OR instr(lower(place),lower(?))>0 OR instr(lower(external),lower(?))>0 OR "
        "EXISTS(SELECT 1 FROM json_each(fields) AS f WHERE f.type='text' AND "
        "instr(lower(f.value),lower(?))>0" +
        searched + "))");
    for (int i = 0; i < 4; ++i) where.bind(filter.text);
    if (!filter.unsearched.empty()) where.bind(unsearched.dump());
  }
  if (filter.lamp_min) where.add("lamp>=?", *filter.lamp_min);
  if (filter.assignee) where.add("assignee=?", filter.assignee->value);
  if (filter.mandate) add_mandate(where, *filter.mandate);
  if (filter.duties) add_duties(where, *filter.duties, directory);
  if (filter.created_from) where.add("created>=?", *filter.created_from);
  if (filter.created_to) where.add("created<?", *filter.created_to);
  if (filter.unit && *filter.unit != directory.root())
    where.add("unit IN (SELECT value FROM json_each(?))", board::ids_json(subtree(directory, *filter.unit)));
  if (filter.responsible)
    where.add("responsible IN (SELECT value FROM json_each(?))",
              board::ids_json(subtree(directory, *filter.responsible)));
}

}  // namespace

bool is_visible(const CaseRow& row, const board::Reach& reach) {
  const board::Scope& scope = reach.of(row.type);
  return scope.has(row.unit) || (row.responsible && scope.has(row.responsible));
}

Result<CasePage> list_cases(Database& reader, const CaseFilter& filter, const board::Reach& reach,
                            const board::Directory& directory) {
  if (filter.limit < 1 || filter.limit > page_max)
    return invalid("limit-range", "limit", std::to_string(filter.limit), "1 to 2,000");
  Where where;
  add_filter(where, filter, directory);
  add_reach(where, reach);
  if (!filter.after.empty()) {
    const auto cursor = parse_cursor(filter.after, filter.order);
    if (!cursor)
      return invalid("cursor-unreadable", "after", filter.after, "the cursor `next` of the page before",
                     "start again without it");
    add_cursor(where, *cursor, filter.order);
  }
  auto statement = reader.prepare("SELECT " + std::string(row_columns()) + " FROM case_cases" + where.sql() +
                                  std::string(order_sql(filter.order)) + " LIMIT ?");
  where.bind_to(statement);
  statement.bind(filter.limit + 1);
  CasePage page;
  while (statement.step()) page.rows.push_back(read_row(statement));
  if (static_cast<std::int64_t>(page.rows.size()) > filter.limit) {
    page.rows.pop_back();
    page.next = cursor_text(page.rows.back(), filter.order);
  }
  return page;
}

std::optional<CaseId> case_of_signal(Database& reader, std::string_view signal, Instant since) {
  auto statement = reader.prepare(
      "SELECT id FROM case_cases WHERE signal=? AND signal<>'' AND (open=1 OR created>=?) ORDER BY id DESC "
      "LIMIT 1");
  statement.bind(signal).bind(since);
  return statement.step() ? std::optional(CaseId{statement.integer(0)}) : std::nullopt;
}

std::vector<CaseId> cases_with_content(Database& reader, std::string_view hash) {
  std::vector<CaseId> cases;
  auto statement = reader.prepare("SELECT case_id FROM case_contents WHERE hash=? ORDER BY case_id");
  statement.bind(hash);
  while (statement.step()) cases.push_back({statement.integer(0)});
  return cases;
}

std::vector<CaseCount> count_open(Database& reader, const board::Reach& reach) {
  Where where;
  where.add("open=1");
  add_reach(where, reach);
  auto statement = reader.prepare("SELECT type, state, lamp, count(*) FROM case_cases" + where.sql() +
                                  " GROUP BY type, state, lamp ORDER BY type, state, lamp");
  where.bind_to(statement);
  std::vector<CaseCount> counts;
  while (statement.step())
    counts.push_back({std::string(statement.text(0)), std::string(statement.text(1)), statement.integer(2),
                      statement.integer(3)});
  return counts;
}

std::vector<Similar> similar_cases(Database& reader, const CaseRow& row) {
  std::vector<Similar> similar;
  if (!row.x || row.case_class.empty()) return similar;
  auto statement = reader.prepare("SELECT " + std::string(row_columns()) +
                                  " FROM case_cases WHERE open=1 AND grid=? AND class=? AND id<>? AND "
                                  "created BETWEEN ? AND ? ORDER BY id DESC LIMIT 200");
  statement.bind(row.grid.value)
      .bind(row.case_class)
      .bind(row.id.value)
      .bind(row.created - similar_window)
      .bind(row.created + similar_window);
  const geo::Point here{static_cast<std::int32_t>(*row.x), static_cast<std::int32_t>(*row.y)};
  while (statement.step()) {
    CaseRow other = read_row(statement);
    if (!other.x) continue;
    const double metres =
        geo::metres_between(here, {static_cast<std::int32_t>(*other.x), static_cast<std::int32_t>(*other.y)});
    if (metres <= similar_metres) similar.push_back({std::move(other), std::llround(metres)});
  }
  std::sort(similar.begin(), similar.end(),
            [](const Similar& a, const Similar& b) { return a.metres < b.metres; });
  if (similar.size() > similar_max) similar.resize(similar_max);
  return similar;
}

std::vector<std::string> actions_for(const CaseRow& row, const CaseType& type,
                                     const board::Directory& directory, std::string_view actor) {
  std::vector<std::string> names;
  for (const Transition& transition : type.transitions) {
    const bool from =
        std::find(transition.from.begin(), transition.from.end(), row.state) != transition.from.end();
    const UnitId at = transition.at_responsible ? row.responsible : row.unit;
    if (from && directory.holds_role(actor, transition.roles, at)) names.push_back(transition.name);
  }
  return names;
}

std::vector<Duty> duties_of(const Catalogue& catalogue, const board::Directory& directory,
                            std::string_view actor) {
  std::map<std::string, std::vector<UnitId>> held;
  for (const auto& post : directory.posts_of(actor)) held[post.role].push_back(post.unit);
  std::vector<Duty> duties;
  for (const CaseType* type : catalogue.all_newest()) {
    for (const auto& [role, units] : held) {
      for (const bool at_responsible : {false, true}) {
        std::set<std::string> states;
        for (const Transition& transition : type->transitions) {
          const auto& roles = transition.roles;
          if (transition.at_responsible == at_responsible && !transition.to.empty() &&
              std::find(roles.begin(), roles.end(), role) != roles.end())
            states.insert(transition.from.begin(), transition.from.end());
        }
        std::erase_if(states, [&](const std::string& name) { return type->state(name)->final; });
        if (!states.empty())
          duties.push_back({type->name, {states.begin(), states.end()}, at_responsible, units});
      }
    }
  }
  return duties;
}

std::vector<CaseClass> classes(Database& reader, const std::string& type) {
  std::vector<CaseClass> list;
  auto statement = reader.prepare(
      "SELECT type, code, parent, title_zh, title_en FROM case_classes WHERE retired=0 AND (?1='' OR "
      "type=?1) ORDER BY type, code");
  statement.bind(type);
  while (statement.step()) {
    list.push_back({std::string(statement.text(0)),
                    std::string(statement.text(1)),
                    std::string(statement.text(2)),
                    {std::string(statement.text(3)), std::string(statement.text(4))}});
  }
  return list;
}

}  // namespace qipan::cases
