#include "sensing/index.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "base/assert.hpp"
#include "sensing/declaration.hpp"
#include "sensing/streams.hpp"

namespace qipan::sensing {

namespace {

constexpr std::int64_t window_hours = 8;
constexpr std::int64_t window_valid_min = 6;

Index::Of of_name(std::string_view name) {
  if (name == "day") return Index::Of::day;
  return name == "day_greatest_8h" ? Index::Of::day_greatest_8h : Index::Of::hour;
}

constexpr std::string_view of_names[] = {"hour", "day", "day_greatest_8h"};

bool ascends(const std::vector<std::int64_t>& list) {
  return std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
}

/// Numbers written as texts or digits, in thousandths.
std::vector<std::int64_t> amounts_of(pack::Fields& fields, std::string_view key) {
  std::vector<std::int64_t> list;
  for (const std::string& text : fields.amounts(key)) {
    const auto number = parse_number(text);
    bool rounded = false;
    const auto value = number ? to_steps(*number, 3, rounded) : std::nullopt;
    if (!value || rounded) {
      fields.fault(key, text, "a number of at most three decimals");
    } else {
      list.push_back(*value);
    }
  }
  if (list.size() < 2 || !ascends(list)) fields.fault(key, "", "two or more numbers that ascend");
  return list;
}

Index::Part read_part(pack::Fields& fields, const Index& index) {
  Index::Part part;
  part.property = fields.name("property");
  part.of = of_name(fields.choice("of", {"hour", "day", "day_greatest_8h"}, "hour"));
  part.decimals = static_cast<int>(fields.integer("decimals", 0, 0, 3));
  part.valid_hours = fields.integer("valid_hours", part.of == Index::Of::hour ? 1 : 20, 1, 24);
  std::tie(part.from, part.until) = read_days(fields);
  part.amounts = amounts_of(fields, "amounts");
  if (part.amounts.size() > index.steps.size())
    fields.fault("amounts", std::to_string(part.amounts.size()), "at most as many as there are steps");
  part.source = fields.text("source");
  return part;
}

/// An amount at so many decimals, half to even.
std::int64_t rounded_to(std::int64_t thousandths, int decimals) {
  std::int64_t unit = 1'000;
  for (int i = 0; i < decimals; ++i) unit /= 10;
  std::int64_t whole = thousandths / unit;
  const std::int64_t rest = thousandths % unit;
  if (2 * rest > unit || (2 * rest == unit && whole % 2 != 0)) ++whole;
  return whole * unit;
}

/// A quotient that does not come out says so in its last digit, which is then neither 0 nor 5: a mean
/// just over a half is rounded up later and not taken for the half itself. (Means of means are exact where
/// stations send one value an hour, as they do.)
std::int64_t cut_short(std::int64_t quotient, bool lost) {
  return lost && quotient % 5 == 0 ? quotient + 1 : quotient;
}
std::int64_t cut(std::int64_t dividend, std::int64_t divisor) {
  return cut_short(dividend / divisor, dividend % divisor != 0);
}

/// Steps of 10^-decimals in thousandths of them, as thousandths of the unit.
std::int64_t in_unit(std::int64_t step_thousandths, int decimals) {
  std::int64_t divisor = 1;
  for (int i = 0; i < decimals; ++i) divisor *= 10;
  return cut(step_thousandths, divisor);
}

struct Hour {
  Instant begin = 0;
  std::int64_t thousandths = 0;
};

std::vector<Hour> hours_in(Database& reader, const StreamRow& stream, Instant from, Instant to) {
  std::vector<Hour> list;
  for (const Aggregate& one : hours_of(reader, stream.id, from, to))
    list.push_back({one.begin, cut_short(mean_thousandths(one.sum, one.count),
                                         one.sum % one.count * 1'000 % one.count != 0)});
  return list;
}

/// The greatest mean of eight hours that lie in one day; nothing where too few means are there.
std::optional<std::int64_t> greatest_8h(const std::vector<Hour>& day, std::int64_t valid) {
  std::int64_t means = 0;
  std::optional<std::int64_t> greatest;
  const Instant begin = china_midnight(china_day_of(day.front().begin));
  for (std::int64_t last = window_hours; last <= 24; ++last) {
    std::int64_t sum = 0;
    std::int64_t count = 0;
    for (const Hour& hour : day) {
      const std::int64_t number = (hour.begin - begin) / microseconds_per_hour;
      if (number < last - window_hours || number >= last) continue;
      sum += hour.thousandths;
      ++count;
    }
    if (count < window_valid_min) continue;
    ++means;
    greatest = std::max(greatest.value_or(0), cut(sum, count));
  }
  return means >= valid ? greatest : std::nullopt;
}

/// What a part looks at, by the hour or day at which it begins.
std::map<Instant, std::int64_t> amounts_in(const std::vector<Hour>& hours, const Index::Part& part) {
  std::map<Instant, std::int64_t> amounts;
  if (part.of == Index::Of::hour) {
    for (const Hour& hour : hours) amounts[hour.begin] = hour.thousandths;
    return amounts;
  }
  std::map<Instant, std::vector<Hour>> days;
  for (const Hour& hour : hours) days[china_midnight(china_day_of(hour.begin))].push_back(hour);
  for (const auto& [begin, day] : days) {
    if (part.of == Index::Of::day_greatest_8h) {
      if (const auto greatest = greatest_8h(day, part.valid_hours)) amounts[begin] = *greatest;
      continue;
    }
    if (static_cast<std::int64_t>(day.size()) < part.valid_hours) continue;
    std::int64_t sum = 0;
    for (const Hour& hour : day) sum += hour.thousandths;
    amounts[begin] = cut(sum, static_cast<std::int64_t>(day.size()));
  }
  return amounts;
}

Json to_json(const Index::Part& part) {
  Json amounts = Json::array();
  for (const std::int64_t amount : part.amounts) amounts.push(amount);
  Json json = Json::object();
  json.set("property", part.property).set("of", of_names[static_cast<std::size_t>(part.of)]);
  json.set("from", part.from).set("until", part.until).set("decimals", std::int64_t{part.decimals});
  json.set("valid_hours", part.valid_hours).set("amounts", std::move(amounts));
  return json.set("source", part.source);
}

Index::Part part_from_json(const Json& json) {
  Index::Part part;
  part.property = json.text_or("property", "");
  part.of = of_name(json.text_or("of", ""));
  part.from = json.integer_or("from", instant_min);
  part.until = json.integer_or("until", instant_max);
  part.decimals = static_cast<int>(json.integer_or("decimals", 0));
  part.valid_hours = json.integer_or("valid_hours", 1);
  for (const Json& amount : json["amounts"].items()) part.amounts.push_back(amount.integer());
  part.source = json.text_or("source", "");
  return part;
}

}  // namespace

const Index::Level& Index::level_of(std::int64_t index) const {
  for (const Level& level : levels) {
    if (index <= level.to) return level;
  }
  return levels.back();
}

Index read_index(pack::Fields& fields, const std::string& path, pack::Problems& problems) {
  Index index;
  index.name = fields.name("name");
  index.title = fields.title("title");
  for (const std::int64_t step : amounts_of(fields, "steps")) index.steps.push_back(step / 1'000);
  index.chief_above = fields.integer("chief_above", 0, 0, 10'000);
  for (const pack::Node* node : fields.tables("levels")) {
    pack::Fields inner(*node, path, problems);
    Index::Level level;
    level.to = inner.integer("to", 0, 1, 1'000'000);
    level.title = inner.title("title");
    level.color = inner.text("color");
    const bool hex = level.color.size() == 7 && level.color[0] == '#' &&
                     level.color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!hex) inner.fault("color", level.color, "a colour as #rrggbb");
    if (!index.levels.empty() && level.to <= index.levels.back().to)
      inner.fault("to", std::to_string(level.to), "more than that of the level before");
    index.levels.push_back(std::move(level));
  }
  if (index.levels.empty()) fields.fault("levels", "", "at least one level");
  for (const pack::Node* node : fields.tables("parts")) {
    pack::Fields inner(*node, path, problems);
    Index::Part part = read_part(inner, index);
    const bool twice = std::any_of(index.parts.begin(), index.parts.end(), [&](const Index::Part& other) {
      return other.property == part.property && other.of == part.of && part.from < other.until &&
             other.from < part.until;
    });
    if (twice) inner.fault("property", part.property, "one table of amounts a property, kind and day");
    index.parts.push_back(std::move(part));
  }
  if (index.parts.empty()) fields.fault("parts", "", "at least one part");
  return index;
}

Json to_json(const Index& index) {
  Json steps = Json::array();
  for (const std::int64_t step : index.steps) steps.push(step);
  Json levels = Json::array();
  for (const Index::Level& level : index.levels)
    levels.push(Json::object()
                    .set("to", level.to)
                    .set("title_zh", level.title.zh)
                    .set("title_en", level.title.en)
                    .set("color", level.color));
  Json parts = Json::array();
  for (const Index::Part& part : index.parts) parts.push(to_json(part));
  Json json = Json::object();
  json.set("name", index.name).set("title_zh", index.title.zh).set("title_en", index.title.en);
  json.set("steps", std::move(steps)).set("chief_above", index.chief_above);
  return json.set("levels", std::move(levels)).set("parts", std::move(parts));
}

Index index_from_json(const Json& json) {
  Index index;
  index.name = json.text_or("name", "");
  index.title = {json.text_or("title_zh", ""), json.text_or("title_en", "")};
  for (const Json& step : json["steps"].items()) index.steps.push_back(step.integer());
  index.chief_above = json.integer_or("chief_above", 0);
  for (const Json& level : json["levels"].items())
    index.levels.push_back({level.integer_or("to", 0),
                            {level.text_or("title_zh", ""), level.text_or("title_en", "")},
                            level.text_or("color", "")});
  for (const Json& part : json["parts"].items()) index.parts.push_back(part_from_json(part));
  return index;
}

std::int64_t sub_index(const Index& index, const Index::Part& part, std::int64_t thousandths) {
  const std::int64_t amount = std::max<std::int64_t>(
      rounded_to(std::max<std::int64_t>(thousandths, 0), part.decimals), part.amounts.front());
  for (std::size_t i = 1; i < part.amounts.size(); ++i) {
    if (amount > part.amounts[i]) continue;
    const std::int64_t width = part.amounts[i] - part.amounts[i - 1];
    const std::int64_t rise = (index.steps[i] - index.steps[i - 1]) * (amount - part.amounts[i - 1]);
    return index.steps[i - 1] + (rise + width - 1) / width;
  }
  return index.steps[part.amounts.size() - 1];
}

std::vector<IndexValue> index_of(Database& reader, const Index& index,
                                 const std::map<std::string, StreamRow>& streams, Instant from, Instant to,
                                 bool days) {
  std::map<std::string, std::vector<Hour>> hours;
  for (const auto& [property, stream] : streams) {
    auto list = hours_in(reader, stream, from, to);
    for (Hour& hour : list) hour.thousandths = in_unit(hour.thousandths, stream.decimals);
    hours.emplace(property, std::move(list));
  }
  std::map<Instant, IndexValue> values;
  for (const Index::Part& part : index.parts) {
    if ((part.of != Index::Of::hour) != days) continue;
    for (const auto& [begin, amount] : amounts_in(hours[part.property], part)) {
      if (begin < part.from || begin >= part.until) continue;
      IndexValue& value = values[begin];
      value.parts.push_back({part.property, amount, sub_index(index, part, amount), part.source});
    }
  }
  std::vector<IndexValue> list;
  for (auto& [begin, value] : values) {
    value.begin = begin;
    std::set<std::string> there;
    for (const auto& part : value.parts) {
      value.index = std::max(value.index, part.index);
      there.insert(part.property);
    }
    for (const Index::Part& part : index.parts) {
      const bool wanted = (part.of != Index::Of::hour) == days && begin >= part.from && begin < part.until;
      if (wanted && !there.contains(part.property)) value.missing.push_back(part.property);
    }
    list.push_back(std::move(value));
  }
  return list;
}

std::vector<Index> list_indices(Database& reader) {
  std::vector<Index> list;
  auto statement = reader.prepare("SELECT body FROM sensing_indices ORDER BY name");
  while (statement.step()) {
    const auto json = parse_json(statement.text(0));
    QIPAN_ASSERT(json.has_value());
    list.push_back(index_from_json(*json));
  }
  return list;
}

}  // namespace qipan::sensing
