#include "sensing/declaration.hpp"

#include <set>

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

void read_condition(pack::Fields& fields, Limit& limit) {
  const auto above = amount_of(fields, "above");
  const auto below = amount_of(fields, "below");
  const bool silent = fields.boolean("silent", false);
  if ((above ? 1 : 0) + (below ? 1 : 0) + (silent ? 1 : 0) != 1)
    return fields.fault("above", "", "one of above, below and silent");
  limit.side = silent ? Limit::Side::silent : above ? Limit::Side::above : Limit::Side::below;
  if (silent) return;
  limit.threshold = above ? *above : *below;
  limit.clears_at = amount_of(fields, "clears_at").value_or(limit.threshold);
  const bool wrong =
      above ? is_above(limit.clears_at, limit.threshold) : is_above(limit.threshold, limit.clears_at);
  if (wrong) fields.fault("clears_at", "", "a value on the good side of the limit");
  limit.mean_hours = fields.integer("mean_hours", 0, 0, 24);
  limit.valid_hours = fields.integer("valid_hours", limit.mean_hours, 0, limit.mean_hours);
  limit.minimum_minutes = fields.integer("minimum_minutes", 0, 0, 7 * 24 * 60);
}

}  // namespace

std::vector<Limit> read_limits(const pack::Pack& pack, pack::Problems& problems) {
  std::vector<Limit> limits;
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
      Limit limit;
      limit.name = fields.name("name");
      if (!names.insert(limit.name).second) fields.fault("name", limit.name, "each limit once");
      limit.title = fields.title("title");
      read_condition(fields, limit);
      limit.property = fields.text("property", limit.side != Limit::Side::silent, "*");
      limit.grade = fields.integer("grade", 1, 1, 9);
      limit.source = fields.text("source");
      limit.case_type = fields.text("case_type", false);
      limit.case_class = fields.text("case_class", false);
      limits.push_back(std::move(limit));
    }
  }
  return limits;
}

Json to_json(const Limit& limit) {
  Json json = Json::object();
  json.set("name", limit.name).set("property", limit.property);
  json.set("title_zh", limit.title.zh).set("title_en", limit.title.en);
  json.set("side", static_cast<std::int64_t>(limit.side));
  json.set("threshold", number_json(limit.threshold)).set("clears_at", number_json(limit.clears_at));
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
  limit.threshold = number_from(json["threshold"]);
  limit.clears_at = number_from(json["clears_at"]);
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
