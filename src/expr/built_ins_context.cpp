#include <algorithm>

#include "expr/built_ins.hpp"
#include "expr/operators.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

Value get_value(Machine& machine, std::span<const Value> given) {
  const Value* found = given[0].context()->find(*given[1].text());
  return found != nullptr ? *found : machine.fail("feel-member", "no entry " + *given[1].text());
}

Value entry_of(std::string_view key, const Value& value) {
  static const Context::Keys keys =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"key", "value"});
  return Context{keys, {Value(key), value}};
}

Value get_entries(Machine& machine, std::span<const Value> given) {
  const Context& context = *given[0].context();
  List entries;
  for (std::size_t i = 0; i < context.values.size(); ++i) {
    if (!machine.charge(1, 4 * sizeof(Value))) return {};
    entries.push_back(entry_of((*context.keys)[i], context.values[i]));
  }
  return entries;
}

bool charged(Machine& machine, const Context& context) {
  return machine.charge(static_cast<std::int64_t>(context.values.size()),
                        static_cast<std::int64_t>(context.values.size() * 2 * sizeof(Value)));
}

Value put_at(Machine& machine, const Context& context, std::span<const Value> path, const Value& value) {
  if (path[0].text() == nullptr) return machine.fail("feel-argument", "context put: keys are strings");
  if (!charged(machine, context)) return {};
  ContextBuilder builder(context);
  if (path.size() == 1) {
    builder.set(*path[0].text(), value);
    return builder.done();
  }
  const Value* inner = context.find(*path[0].text());
  if (inner == nullptr || inner->context() == nullptr)
    return machine.fail("feel-member", "context put: " + *path[0].text() + " is no context");
  Value changed = put_at(machine, *inner->context(), path.subspan(1), value);
  if (changed.is_null()) return {};
  builder.set(*path[0].text(), std::move(changed));
  return builder.done();
}

Value put_key(Machine& machine, std::span<const Value> given) {
  return put_at(machine, *given[0].context(), given.subspan(1, 1), given[2]);
}

Value put_path(Machine& machine, std::span<const Value> given) {
  constexpr std::size_t keys_max = 50;
  const List& keys = *given[1].list();
  if (keys.empty() || keys.size() > keys_max)
    return machine.fail("feel-argument", "context put: 1 to 50 keys");
  return put_at(machine, *given[0].context(), keys, given[2]);
}

Value merge(Machine& machine, std::span<const Value> given) {
  ContextBuilder builder;
  for (const Value& item : *given[0].list()) {
    if (item.context() == nullptr) return machine.fail("feel-argument", "context merge: contexts only");
    if (!charged(machine, *item.context())) return {};
    for (std::size_t i = 0; i < item.context()->values.size(); ++i)
      builder.set((*item.context()->keys)[i], item.context()->values[i]);
  }
  return builder.done();
}

Value from_entries(Machine& machine, std::span<const Value> given) {
  ContextBuilder builder;
  std::vector<std::string> keys;
  for (const Value& item : *given[0].list()) {
    const Value* key = item.context() == nullptr ? nullptr : item.context()->find("key");
    const Value* value = item.context() == nullptr ? nullptr : item.context()->find("value");
    if (key == nullptr || key->text() == nullptr || value == nullptr)
      return machine.fail("feel-argument", "context: entries have a string key and a value");
    if (std::find(keys.begin(), keys.end(), *key->text()) != keys.end())
      return machine.fail("feel-argument", "context: the key " + *key->text() + " comes twice");
    if (!machine.charge(static_cast<std::int64_t>(keys.size()) + 1, 2 * sizeof(Value))) return {};
    keys.push_back(*key->text());
    builder.set(*key->text(), *value);
  }
  return builder.done();
}

}  // namespace

const std::vector<BuiltIn>& context_built_ins() {
  static const std::vector<BuiltIn> all = {
      {"get value",
       Kind::any,
       {{{{"m", Accept::context}, {"key", Accept::text}}, get_value},
        {{{"context", Accept::context}, {"key", Accept::text}}, get_value}}},
      {"get entries",
       Kind::list,
       {{{{"m", Accept::context}}, get_entries}, {{{"context", Accept::context}}, get_entries}}},
      {"context put",
       Kind::context,
       {{{{"context", Accept::context}, {"key", Accept::text}, {"value", Accept::any, true}}, put_key},
        {{{"context", Accept::context}, {"keys", Accept::list}, {"value", Accept::any, true}}, put_path}}},
      {"context merge", Kind::context, {{{{"contexts", Accept::list}}, merge}}},
      {"context", Kind::context, {{{{"entries", Accept::list}}, from_entries}}},
  };
  return all;
}

}  // namespace qipan::expr
