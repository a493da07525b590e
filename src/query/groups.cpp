#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "query/names.hpp"
#include "query/question.hpp"

// What rows that have something in common have together.

namespace qipan::query {

namespace {

using Measure = Question::Grouping::Measure;

constexpr std::size_t by_max = 3;
constexpr std::size_t of_max = 10;
constexpr std::int64_t hundred = 100;

tl::unexpected<Problem> unfit_group(std::string_view field, std::string_view part,
                                    const Collection& collection) {
  return invalid("group-unfit", field, shortened(part),
                 field == "by"
                     ? "up to three columns that can be grouped by, or of dates and times their year, "
                       "quarter, month, week, day, weekday or hour, as month(created)"
                     : "count or share, or distinct, sum, avg, min, max, median, p1 to p99 or share of "
                       "a column, as sum(price): at most ten",
                 "see /api/v1/collections/" + collection.name);
}

struct Aggregate {
  std::string_view name;
  bool alone;   // of the rows themselves
  bool of_any;  // of a column of any kind
  bool of_numbers;
};
constexpr auto aggregates = std::to_array<Aggregate>({{"count", true, false, false},
                                                      {"distinct", false, true, true},
                                                      {"sum", false, false, true},
                                                      {"avg", false, false, true},
                                                      {"min", false, true, true},
                                                      {"max", false, true, true},
                                                      {"share", true, false, true},
                                                      {"rank", false, false, true}});

/// "p90" and "median" as the percent of a rank.
std::optional<std::int64_t> percent_of(std::string_view name) {
  if (name == "median") return hundred / 2;
  const bool plain = name.size() >= 2 && name.size() <= 3 && name.front() == 'p' && name[1] != '0' &&
                     name.find_first_not_of("0123456789", 1) == std::string_view::npos;
  return plain ? std::optional<std::int64_t>(std::stoll(std::string(name.substr(1)))) : std::nullopt;
}

/// A part of a date or time, of `x`, a text that SQLite's functions read as local.
struct TimePart {
  std::string_view name;
  bool of_dates;
  bool is_number;
  std::string_view sql_of;  // # stands for the time
};
constexpr auto time_parts = std::to_array<TimePart>({
    {"year", true, false, "strftime('%Y',#)"},
    {"quarter", true, false, "strftime('%Y',#)||'-Q'||((strftime('%m',#)+2)/3)"},
    {"month", true, false, "strftime('%Y-%m',#)"},
    {"week", true, false, "date(#,'weekday 0','-6 days')"},
    {"day", true, false, "strftime('%Y-%m-%d',#)"},
    {"weekday", true, true, "(strftime('%w',#)+6)%7+1"},
    {"hour", false, true, "CAST(strftime('%H',#) AS INTEGER)"},
});

const TimePart* time_part(std::string_view name) {
  const auto found = std::find_if(time_parts.begin(), time_parts.end(),
                                  [&](const TimePart& one) { return one.name == name; });
  return found == time_parts.end() ? nullptr : &*found;
}

std::string part_sql(const TimePart& part, const Column& column) {
  // As the district's clocks show it.
  const std::string value = column.value_sql();
  const std::string local = column.stored == Stored::moment ? "(" + value + ")/1000000+28800,'unixepoch'"
                            : column.stored == Stored::told ? value + ",'+8 hours'"
                                                            : value;
  std::string sql;
  for (const char c : part.sql_of) sql += c == '#' ? local : std::string(1, c);
  return sql;
}

bool is_summed(const Measure& measure) {
  return measure.of != nullptr &&
         (measure.aggregate == "sum" || measure.aggregate == "avg" || measure.aggregate == "share");
}

}  // namespace

std::string Question::Grouping::By::name() const {
  return part.empty() ? property->field.name : part + "(" + property->field.name + ")";
}

const Property* Question::plain(std::string_view name) {
  const Property* own = property(name);
  const Column* lies = own == nullptr ? nullptr : column(*own);
  const bool plain = lies != nullptr && lies->kind != Kind::geometry && lies->kind != Kind::list;
  return plain ? own : nullptr;
}

Result<Question::Grouping::By> Question::grouped_by(const std::string& text) {
  const auto open = text.find('(');
  if (open == std::string::npos) {
    if (const Property* own = plain(text)) return Grouping::By{.property = own};
  } else if (const TimePart* part = time_part(std::string_view(text).substr(0, open));
             part != nullptr && text.ends_with(')')) {
    const Property* own = plain(std::string_view(text).substr(open + 1, text.size() - open - 2));
    const Kind kind = own == nullptr ? Kind::text : column(*own)->kind;
    if (kind == Kind::moment || (kind == Kind::date && part->of_dates))
      return Grouping::By{.property = own, .part = std::string(part->name)};
  }
  return unfit_group("by", text, *collection_);
}

Result<Question::Grouping> Question::grouping(std::string_view by, std::string_view of) {
  Grouping grouping;
  for (const std::string& part : by.empty() ? std::vector<std::string>{} : parts_of(by)) {
    QIPAN_TRY(one, grouped_by(part));
    if (grouping.by.size() == by_max) return unfit_group("by", part, *collection_);
    grouping.by.push_back(std::move(one));
  }
  for (const std::string& part : of.empty() ? std::vector<std::string>{"count"} : parts_of(of)) {
    const auto open = part.find('(');
    const bool has = open != std::string::npos && part.ends_with(')');
    Measure measure{.aggregate = part.substr(0, open)};
    if (measure.aggregate == "rank") return unfit_group("of", part, *collection_);
    if (const auto percent = percent_of(measure.aggregate))
      measure = {.aggregate = "rank", .percent = *percent};
    if (has) measure.of = plain(std::string_view(part).substr(open + 1, part.size() - open - 2));
    const auto aggregate = std::find_if(aggregates.begin(), aggregates.end(),
                                        [&](const Aggregate& one) { return one.name == measure.aggregate; });
    const Kind kind = measure.of == nullptr ? Kind::text : column(*measure.of)->kind;
    const bool days = measure.aggregate == "rank" && (kind == Kind::date || kind == Kind::moment);
    const bool numeric = kind == Kind::number || days;
    const bool of_unit = measure.of != nullptr && measure.of->of_unit && measure.aggregate != "distinct";
    const bool fits = aggregate != aggregates.end() && grouping.of.size() < of_max && !of_unit &&
                      (measure.of != nullptr ? aggregate->of_any || (numeric && aggregate->of_numbers)
                                             : aggregate->alone && open == std::string::npos);
    if (!fits) return unfit_group("of", part, *collection_);
    grouping.of.push_back(measure);
  }
  return grouping;
}

namespace {

constexpr const char* half = "1000000000";

/// With so many digits behind the point, in the shortest form of numbers.
Json rounded_json(std::optional<Decimal> value, int digits) {
  if (value) value = value->rounded(digits, Decimal::Rounding::half_even);
  if (!value) return {};
  const auto whole = value->integer();
  return whole ? Json(*whole) : Json(Json::Decimal{value->text()});
}

/// Whole numbers of the last digit as digits with a point; a mean with two digits more.
Json scaled_json(std::optional<Decimal> value, std::int64_t digits, bool mean) {
  for (std::int64_t digit = 0; value && digit < digits; ++digit)
    value = value->over(Decimal(std::int64_t{10}));
  constexpr int more_digits = 2;
  return rounded_json(value, static_cast<int>(digits) + (mean ? more_digits : 0));
}

/// What is selected of a group for a measure, in three columns.
std::string selected_of(const Measure& measure, const Column* column) {
  if (measure.of == nullptr) return ", count(*), NULL, NULL";
  const std::string value = column->value_sql();
  if (measure.aggregate == "distinct") return ", count(DISTINCT " + value + "), NULL, NULL";
  if (measure.aggregate == "rank")
    return ", query_rank(" + value + "," + std::to_string(measure.percent) + "), NULL, NULL";
  if (!is_summed(measure)) return ", " + measure.aggregate + "(" + value + "), NULL, NULL";
  std::string sql;
  // In halves: together they may be more than a column holds.
  for (const char* part : {"/", "%"})
    sql.append(", sum(").append(value).append(part).append(half).append(")");
  return sql + ", count(" + value + ")";
}

/// What three columns of a statement, from `at` on, say of a group.
Json measured(const Measure& measure, const Column* column, const Statement& statement, int at) {
  if (statement.is_null(at)) return {};
  if (measure.of == nullptr || measure.aggregate == "distinct") return statement.integer(at);
  if (column->kind == Kind::number) {
    auto value = std::optional(Decimal(statement.integer(at)));
    if (is_summed(measure)) {
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

Json part_value(const TimePart& part, const Statement& statement, int at) {
  if (statement.is_null(at)) return {};
  return part.is_number ? Json(statement.integer(at)) : Json(statement.text(at));
}

std::optional<Decimal> number_in(const Json& value) {
  return value.is_null() ? std::nullopt : Decimal::parse(value.dump());
}

/// Counts and sums as parts of what all groups have together; null where that is nothing or less.
void turn_to_shares(std::vector<Group>& groups, std::size_t measure) {
  constexpr int digits = 4;
  std::optional<Decimal> whole = Decimal();
  for (const Group& group : groups) {
    if (const auto value = number_in(group.of[measure]); value && whole) whole = whole->plus(*value);
  }
  const bool is_some = whole && std::is_gt(*whole <=> Decimal());
  for (Group& group : groups) {
    const auto value = number_in(group.of[measure]);
    group.of[measure] = is_some && value ? rounded_json(value->over(*whole), digits) : Json();
  }
}

}  // namespace

Result<std::vector<Group>> Question::groups(Database& reader, const Grouping& grouping) const {
  Filter::prepare(reader);
  reader.define_rank("query_rank");
  bool narrows = uses_sensitive_;
  std::string names;
  std::string selected;
  for (const Grouping::By& by : grouping.by) {
    narrows = narrows || is_sensitive(by.property);
    const std::string sql =
        by.part.empty() ? by.property->told_sql() : part_sql(*time_part(by.part), *column(*by.property));
    names += (names.empty() ? "" : ", ") + sql;
  }
  const auto column_of = [&](const Measure& measure) {
    return measure.of == nullptr ? nullptr : column(*measure.of);
  };
  for (const Measure& measure : grouping.of) {
    narrows = narrows || is_sensitive(measure.of);
    selected += selected_of(measure, column_of(measure));
  }
  Where where;
  add_where(where, narrows);
  const bool whole = names.empty();
  auto statement = reader.prepare_once(
      "SELECT " + (whole ? selected.substr(1) : names + selected) + " FROM " + collection_->table +
      " WHERE " + where.sql() + (whole ? "" : " GROUP BY " + names + " ORDER BY " + names) + " LIMIT ?");
  where.bind_to(statement);
  statement.bind(groups_max + 1);
  std::vector<Group> groups;
  while (statement.step()) {
    if (static_cast<std::int64_t>(groups.size()) == groups_max)
      return refuse({Problem::Kind::too_large, "group-too-many", "by", "",
                     "at most " + std::to_string(groups_max) + " groups", "group by less, or filter"});
    Group group;
    int at = 0;
    for (const Grouping::By& by : grouping.by) {
      group.by.push_back(by.part.empty() ? property_value(*by.property, statement, at)
                                         : part_value(*time_part(by.part), statement, at));
      ++at;
    }
    for (const Measure& measure : grouping.of) {
      group.of.push_back(measured(measure, column_of(measure), statement, at));
      at += 3;
    }
    groups.push_back(std::move(group));
  }
  for (std::size_t at = 0; at < grouping.of.size(); ++at) {
    if (grouping.of[at].aggregate == "share") turn_to_shares(groups, at);
  }
  return groups;
}

}  // namespace qipan::query
