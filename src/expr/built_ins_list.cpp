#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

bool charged(Machine& machine, std::size_t items) {
  return machine.charge(static_cast<std::int64_t>(items), static_cast<std::int64_t>(items * sizeof(Value)));
}

/// FEEL's "same": null is the same as null, values of different kinds are not.
bool same(const Value& left, const Value& right) {
  return equals(left, right).value_or(false);
}

bool holds(Machine& machine, const List& list, const Value& wanted) {
  return machine.charge(static_cast<std::int64_t>(list.size())) &&
         std::any_of(list.begin(), list.end(), [&](const Value& item) { return same(item, wanted); });
}

/// Where position 1 is the first and -1 the last item, a fraction being cut off; nothing outside of `size`.
std::optional<std::size_t> index_at(const Value& position, std::size_t size) {
  const auto cut = position.number()->rounded(0, Decimal::Rounding::down);
  const auto whole = cut ? cut->integer() : std::nullopt;
  const auto count = static_cast<std::int64_t>(size);
  if (!whole || *whole == 0 || *whole > count || *whole < -count) return std::nullopt;
  return static_cast<std::size_t>(*whole > 0 ? *whole - 1 : count + *whole);
}

Value outside(Machine& machine, const Value& position, std::size_t size) {
  return machine.fail("feel-index", text_of(position) + " is outside of a list of " + std::to_string(size));
}

Value list_contains(Machine& machine, std::span<const Value> given) {
  return holds(machine, *given[0].list(), given[1]);
}

Value sublist(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  const auto from = index_at(given[1], list.size());
  if (!from) return outside(machine, given[1], list.size());
  std::size_t length = list.size() - *from;
  if (given.size() > 2) {
    const auto wanted = given[2].number()->integer();
    if (!wanted || *wanted < 1 || static_cast<std::size_t>(*wanted) > length)
      return outside(machine, given[2], length);
    length = static_cast<std::size_t>(*wanted);
  }
  if (!charged(machine, length)) return {};
  const auto begin = list.begin() + static_cast<std::ptrdiff_t>(*from);
  return List(begin, begin + static_cast<std::ptrdiff_t>(length));
}

Value append(Machine& machine, std::span<const Value> given) {
  List list = *given[0].list();
  if (!charged(machine, list.size() + given[1].list()->size())) return {};
  list.insert(list.end(), given[1].list()->begin(), given[1].list()->end());
  return list;
}

Value append_one(Machine& machine, std::span<const Value> given) {
  List list = *given[0].list();
  if (!charged(machine, list.size() + 1)) return {};
  list.push_back(given[1]);
  return list;
}

Value concatenate(Machine& machine, std::span<const Value> given) {
  List all;
  for (const Value& part : *given[0].list()) {
    if (part.is_null()) return machine.fail("feel-argument", "concatenate: null is no list");
    if (!charged(machine, part.list() == nullptr ? 1 : part.list()->size())) return {};
    if (part.list() == nullptr) {
      all.push_back(part);
    } else {
      all.insert(all.end(), part.list()->begin(), part.list()->end());
    }
  }
  return all;
}

Value distinct(Machine& machine, std::span<const Value> given) {
  List kept;
  for (const Value& item : *given[0].list()) {
    if (!holds(machine, kept, item)) kept.push_back(item);
    if (!charged(machine, 1)) return {};
  }
  return kept;
}

Value united(Machine& machine, std::span<const Value> given) {
  const Value all = concatenate(machine, given);
  return all.is_null() ? all : distinct(machine, std::vector<Value>{all});
}

Value duplicates(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  List kept;
  for (const Value& item : list) {
    if (!charged(machine, list.size())) return {};
    const auto count =
        std::count_if(list.begin(), list.end(), [&](const Value& other) { return same(item, other); });
    if (count > 1 && !holds(machine, kept, item)) kept.push_back(item);
  }
  return kept;
}

Value insert_before(Machine& machine, std::span<const Value> given) {
  List list = *given[0].list();
  const auto at = index_at(given[1], list.size());
  if (!at) return outside(machine, given[1], list.size());
  if (!charged(machine, list.size() + 1)) return {};
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(*at), given[2]);
  return list;
}

Value removed(Machine& machine, std::span<const Value> given) {
  List list = *given[0].list();
  const auto at = index_at(given[1], list.size());
  if (!at) return outside(machine, given[1], list.size());
  if (!charged(machine, list.size())) return {};
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(*at));
  return list;
}

Value replaced_at(Machine& machine, std::span<const Value> given) {
  List list = *given[0].list();
  const auto at = index_at(given[1], list.size());
  if (!at) return outside(machine, given[1], list.size());
  if (!charged(machine, list.size())) return {};
  list[*at] = given[2];
  return list;
}

Value replaced_where(Machine& machine, std::span<const Value> given) {
  const FunctionPtr match = given[1].function();
  List list = *given[0].list();
  if (!charged(machine, list.size())) return {};
  for (Value& item : list) {
    const Value found = match->call(machine, {{item, given[2]}, nullptr});
    if (found.boolean() == nullptr)
      return machine.fail("feel-argument", "list replace: match gives a boolean");
    if (found.is_true()) item = given[2];
  }
  return list;
}

Value reversed(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  if (!charged(machine, list.size())) return {};
  return List(list.rbegin(), list.rend());
}

Value index_of(Machine& machine, std::span<const Value> given) {
  const List& list = *given[0].list();
  if (!charged(machine, list.size())) return {};
  List places;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (same(list[i], given[1])) places.emplace_back(static_cast<std::int64_t>(i + 1));
  }
  return places;
}

void flatten_into(Machine& machine, const List& list, List& out, int depth) {
  constexpr int depth_max = 200;
  for (const Value& item : list) {
    if (!charged(machine, 1)) return;
    if (item.list() != nullptr && depth < depth_max) {
      flatten_into(machine, *item.list(), out, depth + 1);
    } else {
      out.push_back(item);
    }
  }
}

Value flatten(Machine& machine, std::span<const Value> given) {
  List all;
  flatten_into(machine, *given[0].list(), all, 0);
  return machine.exhausted() ? Value() : Value(std::move(all));
}

/// Merges, so that a relation that contradicts itself does no harm; the order of equals stays.
template <class Precedes>
void merge_sort(List& list, std::size_t from, std::size_t to, Precedes&& precedes) {
  if (to - from < 2) return;
  const std::size_t half = from + (to - from) / 2;
  merge_sort(list, from, half, precedes);
  merge_sort(list, half, to, precedes);
  List merged;
  merged.reserve(to - from);
  std::size_t left = from;
  std::size_t right = half;
  while (left < half && right < to)
    merged.push_back(precedes(list[right], list[left]) ? list[right++] : list[left++]);
  while (left < half) merged.push_back(list[left++]);
  while (right < to) merged.push_back(list[right++]);
  std::move(merged.begin(), merged.end(), list.begin() + static_cast<std::ptrdiff_t>(from));
}

Value sorted(Machine& machine, std::span<const Value> given) {
  const FunctionPtr function = given.size() > 1 ? given[1].function() : nullptr;
  List list = *given[0].list();
  if (!charged(machine, list.size())) return {};
  bool comparable = true;
  merge_sort(list, 0, list.size(), [&](const Value& a, const Value& b) {
    if (!machine.charge(1)) return false;
    const Value before =
        function == nullptr ? less(machine, a, b) : function->call(machine, {{a, b}, nullptr});
    comparable = comparable && before.boolean() != nullptr;
    return before.is_true();
  });
  return comparable && !machine.exhausted()
             ? Value(std::move(list))
             : machine.fail("feel-argument", "sort: a function of two items that gives a boolean");
}

Value joined(Machine& machine, std::span<const Value> given) {
  std::string out;
  bool first = true;
  const std::string* delimiter = given.size() > 1 ? given[1].text() : nullptr;
  for (const Value& item : *given[0].list()) {
    if (item.is_null()) continue;
    if (item.text() == nullptr) return machine.fail("feel-argument", "string join: strings only");
    if (!machine.charge(1, static_cast<std::int64_t>(item.text()->size()) + 1)) return {};
    if (!first && delimiter != nullptr) out += *delimiter;
    out += *item.text();
    first = false;
  }
  return out;
}

}  // namespace

const std::vector<BuiltIn>& list_built_ins() {
  static const Formal list{"list", Accept::list};
  static const Formal item{"item", Accept::any, true};
  static const Formal new_item{"newItem", Accept::any, true};
  static const Formal position{"position", Accept::number};
  static const std::vector<BuiltIn> all = {
      {"list contains", Kind::boolean, {{{list, {"element", Accept::any, true}}, list_contains}}},
      {"sublist",
       Kind::list,
       {{{list, {"start position", Accept::number}}, sublist},
        {{list, {"start position", Accept::number}, {"length", Accept::number}}, sublist}}},
      {"append", Kind::list, {{{list, item}, append_one}, {{list, item}, append, true}}},
      {"concatenate", Kind::list, {{{list}, concatenate, true}}},
      {"union", Kind::list, {{{list}, united, true}}},
      {"distinct values", Kind::list, {{{list}, distinct}}},
      {"duplicate values", Kind::list, {{{list}, duplicates}}},
      {"insert before", Kind::list, {{{list, position, new_item}, insert_before}}},
      {"remove", Kind::list, {{{list, position}, removed}}},
      {"list replace",
       Kind::list,
       {{{list, position, new_item}, replaced_at},
        {{list, {"match", Accept::function}, new_item}, replaced_where}}},
      {"reverse", Kind::list, {{{list}, reversed}}},
      {"index of", Kind::list, {{{list, {"match", Accept::any, true}}, index_of}}},
      {"flatten", Kind::list, {{{list}, flatten}}},
      {"sort", Kind::list, {{{list, {"precedes", Accept::function}}, sorted}, {{list}, sorted}}},
      {"string join", Kind::text, {{{list}, joined}, {{list, {"delimiter", Accept::text, true}}, joined}}},
  };
  return all;
}

}  // namespace qipan::expr
