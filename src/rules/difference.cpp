#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "rules/description.hpp"

namespace qipan::rules {

namespace {

/// Numbers of the items in `after` that stand for those of `before`: by key, each at most once.
template <class Key>
std::vector<std::optional<std::size_t>> paired(const Json::Array& before, const Json::Array& after, Key key,
                                               std::vector<std::optional<std::size_t>> pairs) {
  std::map<std::string, std::vector<std::size_t>> free;
  std::set<std::size_t> taken;
  for (const auto& pair : pairs) {
    if (pair) taken.insert(*pair);
  }
  for (std::size_t i = after.size(); i-- > 0;) {
    if (!taken.contains(i)) free[key(after[i])].push_back(i);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string own = key(before[i]);
    if (pairs[i] || own.empty()) continue;
    const auto found = free.find(own);
    if (found == free.end() || found->second.empty()) continue;
    pairs[i] = found->second.back();
    found->second.pop_back();
  }
  return pairs;
}

std::string saying(const Json& rule) {
  return rule["tests"].dump() + rule["outputs"].dump() + rule["annotations"].dump();
}

Json part(std::string_view name, const Json& before, const Json& after) {
  return Json::object().set("part", name).set("before", before).set("after", after);
}

/// Columns of both tables by what they ask or give; a column that is in one of them only has no other side.
struct Column {
  std::string kind;  // tests, outputs, annotations
  std::string title;
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

std::string title_of(const Json& column) {
  if (column.is_text()) return column.text();
  for (const std::string_view key : {"label", "text", "name"}) {
    if (const std::string title = column.text_or(key, ""); !title.empty()) return title;
  }
  return {};
}

std::vector<Column> columns_of(const Json& before, const Json& after) {
  std::vector<Column> columns;
  for (const auto& [of_table, of_rule] : {std::pair("inputs", "tests"), std::pair("outputs", "outputs"),
                                          std::pair("annotations", "annotations")}) {
    const auto& old_ones = before[of_table].items();
    const auto& new_ones = after[of_table].items();
    const auto key = [](const Json& column) {
      if (column.is_text()) return "a" + column.text();
      return column.has("text") ? "i" + column.text_or("text", "") : "o" + column.text_or("name", "");
    };
    const auto pairs =
        paired(old_ones, new_ones, key, std::vector<std::optional<std::size_t>>(old_ones.size()));
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < old_ones.size(); ++i) {
      if (pairs[i]) seen.insert(*pairs[i]);
      columns.push_back({of_rule, title_of(old_ones[i]), i, pairs[i]});
    }
    for (std::size_t i = 0; i < new_ones.size(); ++i) {
      if (!seen.contains(i)) columns.push_back({of_rule, title_of(new_ones[i]), std::nullopt, i});
    }
  }
  return columns;
}

std::string cell(const Json& rule, const std::string& kind, std::optional<std::size_t> at) {
  const auto& cells = rule[kind].items();
  return at && *at < cells.size() && cells[*at].is_text() ? cells[*at].text() : std::string();
}

Json changed_cells(const std::vector<Column>& columns, const Json& before, const Json& after) {
  Json cells = Json::array();
  for (const Column& column : columns) {
    const std::string was = cell(before, column.kind, column.before);
    const std::string is = cell(after, column.kind, column.after);
    if (was == is) continue;
    Json one = Json::object();
    cells.push(std::move(one.set("column", column.title).set("before", was).set("after", is)));
  }
  return cells;
}

Json rule_change(std::string_view change, const Json& rule, std::size_t place) {
  Json one = Json::object();
  return one.set("change", change).set("id", rule.text_or("id", "")).set("place", place + 1);
}

/// Rules of the longest run that kept its order stay; only the others have moved.
std::set<std::size_t> moved(const std::vector<std::optional<std::size_t>>& pairs) {
  std::vector<std::size_t> best_end;  // by length, the number in `before` of the run's last
  std::vector<std::optional<std::size_t>> previous(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!pairs[i]) continue;
    const auto at = std::lower_bound(best_end.begin(), best_end.end(), *pairs[i],
                                     [&](std::size_t end, std::size_t value) { return *pairs[end] < value; });
    if (at != best_end.begin()) previous[i] = *std::prev(at);
    if (at == best_end.end()) {
      best_end.push_back(i);
    } else {
      *at = i;
    }
  }
  std::set<std::size_t> out;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i]) out.insert(i);
  }
  for (std::optional<std::size_t> i = best_end.empty() ? std::nullopt : std::optional(best_end.back()); i;
       i = previous[*i])
    out.erase(*i);
  return out;
}

Json changed_rules(const Json& before, const Json& after) {
  const auto& old_ones = before["rules"].items();
  const auto& new_ones = after["rules"].items();
  auto pairs = paired(
      old_ones, new_ones, [](const Json& rule) { return rule.text_or("id", ""); },
      std::vector<std::optional<std::size_t>>(old_ones.size()));
  pairs = paired(old_ones, new_ones, saying, std::move(pairs));
  const auto columns = columns_of(before, after);
  const auto displaced = moved(pairs);
  Json changes = Json::array();
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    if (!pairs[i]) {
      changes.push(std::move(rule_change("removed", old_ones[i], i).set("before", old_ones[i])));
      continue;
    }
    seen.insert(*pairs[i]);
    const Json& now = new_ones[*pairs[i]];
    Json cells = changed_cells(columns, old_ones[i], now);
    if (cells.items().empty() && !displaced.contains(i)) continue;
    Json change = rule_change(cells.items().empty() ? "moved" : "changed", now, *pairs[i]);
    change.set("before", old_ones[i]).set("after", now).set("cells", std::move(cells));
    changes.push(std::move(change));
  }
  for (std::size_t i = 0; i < new_ones.size(); ++i) {
    if (!seen.contains(i))
      changes.push(std::move(rule_change("added", new_ones[i], i).set("after", new_ones[i])));
  }
  return changes;
}

Json changed_parts(const Json& before, const Json& after) {
  Json parts = Json::array();
  for (const std::string_view key : {"name", "type", "description", "requires", "text", "xml"}) {
    if (before[key] != after[key]) parts.push(part(key, before[key], after[key]));
  }
  const Json& old_table = before["table"];
  const Json& new_table = after["table"];
  if (old_table.is_null() != new_table.is_null()) {
    parts.push(part("table", old_table, new_table));
  } else {
    for (const std::string_view key : {"policy", "aggregation", "inputs", "outputs", "annotations"}) {
      if (old_table[key] != new_table[key]) parts.push(part(key, old_table[key], new_table[key]));
    }
  }
  return parts;
}

Json element_change(std::string_view change, const Json& element) {
  Json one = Json::object();
  one.set("change", change).set("kind", element["kind"]).set("name", element["name"]);
  return one;
}

}  // namespace

Json difference_of(const Json& before, const Json& after) {
  static const Json none = Json::array();
  const auto& old_ones = (before["elements"].is_array() ? before["elements"] : none).items();
  const auto& new_ones = (after["elements"].is_array() ? after["elements"] : none).items();
  const auto by_id = [](const Json& one) {
    const std::string id = one.text_or("id", "");
    return id.empty() ? id : one.text_or("kind", "") + " " + id;
  };
  const auto by_name = [](const Json& one) {
    return one.text_or("kind", "") + " " + one.text_or("name", "");
  };
  auto pairs = paired(old_ones, new_ones, by_id, std::vector<std::optional<std::size_t>>(old_ones.size()));
  pairs = paired(old_ones, new_ones, by_name, std::move(pairs));
  Json changes = Json::array();
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    if (!pairs[i]) {
      changes.push(element_change("removed", old_ones[i]));
      continue;
    }
    seen.insert(*pairs[i]);
    const Json& now = new_ones[*pairs[i]];
    Json parts = changed_parts(old_ones[i], now);
    const bool tables = old_ones[i]["table"].is_object() && now["table"].is_object();
    Json rules = tables ? changed_rules(old_ones[i]["table"], now["table"]) : Json::array();
    if (parts.items().empty() && rules.items().empty()) continue;
    changes.push(std::move(
        element_change("changed", now).set("parts", std::move(parts)).set("rules", std::move(rules))));
  }
  for (std::size_t i = 0; i < new_ones.size(); ++i) {
    if (!seen.contains(i)) changes.push(element_change("added", new_ones[i]));
  }
  return changes;
}

}  // namespace qipan::rules
