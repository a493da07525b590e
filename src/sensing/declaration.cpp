#include "sensing/declaration.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace qipan::sensing {

namespace {

std::optional<Number> amount_of(pack::Fields& fields, std::string_view key) {
  const std::string text = fields.amount(key);
  if (text.empty()) return std::nullopt;
  const auto number = parse_number(text);
  if (!number) fields.fault(key, text, "a number");
  return number;
}

Json number_json(const Number& number) {
  return Json::object().set("mantissa", number.mantissa).set("exponent", std::int64_t{number.exponent});
}

Number number_from(const Json& json) {
  return {json.integer_or("mantissa", 0), static_cast<int>(json.integer_or("exponent", 0)), true};
}

bool is_above(const Number& a, const Number& b) {
  bool rounded = false;
  const auto left = to_steps(a, 6, rounded);
  const auto right = to_steps(b, 6, rounded);
  return left && right && *left > *right;
}

/// The instants at which a day begins, or the one after it.
Instant day_begin(pack::Fields& fields, std::string_view key, Instant otherwise, bool next) {
  const std::string text = fields.text(key, false);
  if (text.empty()) return otherwise;
  const auto day = parse_day(text);
  if (!day) {
    fields.fault(key, text, "a day as YYYY-MM-DD");
    return otherwise;
  }
  return china_midnight(*day + (next ? 1 : 0));
}

constexpr std::string_view comparisons[] = {"above", "at_or_above", "below", "at_or_below"};

/// One threshold with its time and class; `side` is what it was written as.
Bound read_bound(pack::Fields& fields, Limit::Side& side) {
  Bound bound;
  int given = 0;
  for (const std::string_view key : comparisons) {
    const auto number = amount_of(fields, key);
    if (!number) continue;
    ++given;
    bound.threshold = *number;
    bound.reached = key.starts_with("at_or");
    side = key.ends_with("above") ? Limit::Side::above : Limit::Side::below;
  }
  if (given != 1) fields.fault("above", "", "one of above, at_or_above, below and at_or_below");
  bound.clears_at = amount_of(fields, "clears_at").value_or(bound.threshold);
  const bool wrong = side == Limit::Side::above ? is_above(bound.clears_at, bound.threshold)
                                                : is_above(bound.threshold, bound.clears_at);
  if (wrong) fields.fault("clears_at", "", "a value on the good side of the limit");
  bound.area_class = fields.text("area_class", false);
  std::tie(bound.from, bound.until) = read_days(fields);
  bound.source = fields.text("source");
  return bound;
}

void read_bounds(pack::Fields& fields, const std::vector<const pack::Node*>& values, const std::string& path,
                 pack::Problems& problems, Limit& limit) {
  for (const pack::Node* node : values) {
    pack::Fields inner(*node, path, problems);
    Limit::Side side = limit.side;
    limit.bounds.push_back(read_bound(inner, side));
    if (limit.bounds.size() > 1 && side != limit.side)
      inner.fault("above", "", "values of one limit all above, or all below");
    limit.side = side;
  }
  std::stable_sort(limit.bounds.begin(), limit.bounds.end(),
                   [](const Bound& a, const Bound& b) { return a.from < b.from; });
  for (std::size_t i = 0; i < limit.bounds.size(); ++i) {
    for (std::size_t k = i + 1; k < limit.bounds.size(); ++k) {
      const Bound& early = limit.bounds[i];
      const Bound& late = limit.bounds[k];
      if (early.area_class == late.area_class && late.from < early.until)
        fields.fault("values", format_day(china_day_of(late.from)), "one value a day and class of area",
                     "end the earlier one the day before");
    }
  }
}

void read_condition(pack::Fields& fields, const std::string& path, pack::Problems& problems, Limit& limit) {
  const auto values = fields.tables("values");
  const bool silent = fields.boolean("silent", false);
  limit.flat_minutes = fields.integer("flat_minutes", 0, 0, 7 * 24 * 60);
  limit.flat_allows = amount_of(fields, "flat_allows");
  const bool single = std::any_of(std::begin(comparisons), std::end(comparisons),
                                  [&](std::string_view key) { return fields.node().find(key) != nullptr; });
  if ((single ? 1 : 0) + (values.empty() ? 0 : 1) + (silent ? 1 : 0) + (limit.flat_minutes > 0 ? 1 : 0) != 1)
    return fields.fault("above", "", "one of a threshold, values, silent and flat_minutes");
  if (silent || limit.flat_minutes > 0) {
    limit.side = silent ? Limit::Side::silent : Limit::Side::flat;
    limit.source = fields.text("source");
    return;
  }
  limit.assumed_area_class = fields.text("assumed_area_class", false);
  if (single) {
    limit.bounds.push_back(read_bound(fields, limit.side));
  } else {
    read_bounds(fields, values, path, problems, limit);
  }
  limit.mean_hours = fields.integer("mean_hours", 0, 0, 24);
  limit.valid_hours = fields.integer("valid_hours", limit.mean_hours, 0, limit.mean_hours);
  limit.minimum_minutes = fields.integer("minimum_minutes", 0, 0, 7 * 24 * 60);
}

Json to_json(const Bound& bound) {
  Json json = Json::object();
  json.set("area_class", bound.area_class).set("from", bound.from).set("until", bound.until);
  json.set("reached", bound.reached).set("threshold", number_json(bound.threshold));
  return json.set("clears_at", number_json(bound.clears_at)).set("source", bound.source);
}

Bound bound_from_json(const Json& json) {
  Bound bound;
  bound.area_class = json.text_or("area_class", "");
  bound.from = json.integer_or("from", instant_min);
  bound.until = json.integer_or("until", instant_max);
  bound.reached = json["reached"] == Json(true);
  bound.threshold = number_from(json["threshold"]);
  bound.clears_at = number_from(json["clears_at"]);
  bound.source = json.text_or("source", "");
  return bound;
}

}  // namespace

std::vector<const Bound*> Limit::bounds_for(std::string_view area_class) const {
  const std::string_view wanted = area_class.empty() ? std::string_view(assumed_area_class) : area_class;
  const bool named =
      std::any_of(bounds.begin(), bounds.end(), [&](const Bound& one) { return one.area_class == wanted; });
  std::vector<const Bound*> found;
  for (const Bound& one : bounds) {
    if (one.area_class == wanted || (one.area_class.empty() && !named)) found.push_back(&one);
  }
  return found;
}

std::pair<Instant, Instant> read_days(pack::Fields& fields) {
  const std::pair days(day_begin(fields, "from", instant_min, false),
                       day_begin(fields, "until", instant_max, true));
  if (days.first >= days.second) fields.fault("until", "", "a day that is not before from");
  return days;
}

namespace {

Limit read_limit(pack::Fields& fields, const std::string& path, pack::Problems& problems) {
  Limit limit;
  limit.name = fields.name("name");
  limit.title = fields.title("title");
  read_condition(fields, path, problems, limit);
  limit.property = fields.text("property", limit.compares(), "*");
  limit.grade = fields.integer("grade", 1, 1, 9);
  limit.case_type = fields.text("case_type", false);
  limit.case_class = fields.text("case_class", false);
  return limit;
}

}  // namespace

Declarations read_declarations(const pack::Pack& pack, pack::Problems& problems) {
  Declarations declared;
  std::set<std::string> names;
  for (const std::string& path : pack.files_in("sensing", ".toml")) {
    auto document = pack::parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    pack::Fields file(*document, path, problems);
    for (const pack::Node* node : file.tables("limits")) {
      pack::Fields fields(*node, path, problems);
      declared.limits.push_back(read_limit(fields, path, problems));
      if (!names.insert(declared.limits.back().name).second)
        fields.fault("name", declared.limits.back().name, "each limit once");
    }
    for (const pack::Node* node : file.tables("indices")) {
      pack::Fields fields(*node, path, problems);
      declared.indices.push_back(read_index(fields, path, problems));
    }
  }
  return declared;
}

Json to_json(const Limit& limit) {
  Json json = Json::object();
  json.set("name", limit.name).set("property", limit.property);
  json.set("title_zh", limit.title.zh).set("title_en", limit.title.en);
  json.set("side", static_cast<std::int64_t>(limit.side));
  Json bounds = Json::array();
  for (const Bound& bound : limit.bounds) bounds.push(to_json(bound));
  json.set("bounds", std::move(bounds)).set("assumed_area_class", limit.assumed_area_class);
  json.set("flat_minutes", limit.flat_minutes);
  if (limit.flat_allows) json.set("flat_allows", number_json(*limit.flat_allows));
  json.set("mean_hours", limit.mean_hours).set("valid_hours", limit.valid_hours);
  json.set("minimum_minutes", limit.minimum_minutes).set("grade", limit.grade).set("source", limit.source);
  json.set("case_type", limit.case_type).set("case_class", limit.case_class);
  return json;
}

Limit limit_from_json(const Json& json) {
  Limit limit;
  limit.name = json.text_or("name", "");
  limit.property = json.text_or("property", "");
  limit.title = {json.text_or("title_zh", ""), json.text_or("title_en", "")};
  limit.side = static_cast<Limit::Side>(json.integer_or("side", 0));
  if (json["bounds"].is_array())
    for (const Json& bound : json["bounds"].items()) limit.bounds.push_back(bound_from_json(bound));
  // Installed before limits had dates: one threshold for all times.
  if (limit.compares() && json.has("threshold")) limit.bounds.push_back(bound_from_json(json));
  limit.assumed_area_class = json.text_or("assumed_area_class", "");
  limit.flat_minutes = json.integer_or("flat_minutes", 0);
  if (json.has("flat_allows")) limit.flat_allows = number_from(json["flat_allows"]);
  limit.mean_hours = json.integer_or("mean_hours", 0);
  limit.valid_hours = json.integer_or("valid_hours", 0);
  limit.minimum_minutes = json.integer_or("minimum_minutes", 0);
  limit.grade = json.integer_or("grade", 1);
  limit.source = json.text_or("source", "");
  limit.case_type = json.text_or("case_type", "");
  limit.case_class = json.text_or("case_class", "");
  return limit;
}

}  // namespace qipan::sensing
