#include "expr/type.hpp"

#include <algorithm>
#include <array>

#include "expr/machine.hpp"
#include "expr/node.hpp"

namespace qipan::expr {

namespace {

using Kind = Type::Kind;

struct Named {
  std::string_view name;
  Kind kind;
};

constexpr std::array<Named, 16> named = {{{"Any", Kind::any},
                                          {"Null", Kind::null},
                                          {"boolean", Kind::boolean},
                                          {"number", Kind::number},
                                          {"string", Kind::text},
                                          {"date", Kind::date},
                                          {"time", Kind::time},
                                          {"date and time", Kind::date_time},
                                          {"dateTime", Kind::date_time},
                                          {"years and months duration", Kind::years_months},
                                          {"yearMonthDuration", Kind::years_months},
                                          {"days and time duration", Kind::days_time},
                                          {"dayTimeDuration", Kind::days_time},
                                          {"list", Kind::list},
                                          {"context", Kind::context},
                                          {"function", Kind::function}}};

TypePtr made(Kind kind) {
  auto type = std::make_shared<Type>();
  type->kind = kind;
  type->any_parameters = kind == Kind::function;
  return type;
}

bool function_conforms(const Type& type, const Type& wider) {
  if (wider.any_parameters) return wider.result == nullptr || conforms(*type.result, *wider.result);
  if (type.any_parameters || type.parameters.size() != wider.parameters.size()) return false;
  for (std::size_t i = 0; i < type.parameters.size(); ++i) {
    if (!conforms(*wider.parameters[i], *type.parameters[i])) return false;
  }
  // What a function gives may only be known once it is called.
  return type.result->kind == Kind::any || conforms(*type.result, *wider.result);
}

bool function_instance(const Function& function, const Type& type) {
  Type own;
  own.kind = Kind::function;
  for (const Parameter& parameter : function.parameters) own.parameters.push_back(parameter.type);
  own.result = function.result;
  return function_conforms(own, type);
}

bool list_instance(const List& list, const Type& type) {
  if (type.element == nullptr) return true;
  return std::all_of(list.begin(), list.end(),
                     [&](const Value& item) { return instance_of(item, *type.element); });
}

bool context_instance(const Context& context, const Type& type) {
  return std::all_of(type.fields.begin(), type.fields.end(), [&](const Type::Field& field) {
    const Value* value = context.find(field.name);
    return value != nullptr && instance_of(*value, *field.type);
  });
}

bool range_instance(const Range& range, const Type& type) {
  return type.element == nullptr ||
         (instance_of(range.low, *type.element) && instance_of(range.high, *type.element));
}

/// The constraint that the value breaks, in it or in a part of it.
const Constraint* broken(Machine& machine, const Value& value, const Type& type) {
  if (value.is_null()) return nullptr;
  if (type.constraint != nullptr && !type.constraint->holds(machine, value)) return type.constraint.get();
  if (const List* list = value.list(); list != nullptr && type.element != nullptr) {
    for (const Value& item : *list) {
      if (const Constraint* found = broken(machine, item, *type.element); found != nullptr) return found;
    }
  }
  if (const Context* context = value.context(); context != nullptr) {
    for (const Type::Field& field : type.fields) {
      const Value* part = context->find(field.name);
      const Constraint* found = part == nullptr ? nullptr : broken(machine, *part, *field.type);
      if (found != nullptr) return found;
    }
  }
  return nullptr;
}

}  // namespace

const Type::Field* Type::field(std::string_view wanted) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

TypePtr type_of(Kind kind) {
  static const std::array<TypePtr, 14> types = [] {
    std::array<TypePtr, 14> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = made(static_cast<Kind>(i));
    return all;
  }();
  return types[static_cast<std::size_t>(kind)];
}

TypePtr list_of(TypePtr element) {
  auto type = std::make_shared<Type>();
  type->kind = Kind::list;
  type->element = std::move(element);
  return type;
}

TypePtr range_of(TypePtr element) {
  auto type = std::make_shared<Type>();
  type->kind = Kind::range;
  type->element = std::move(element);
  return type;
}

TypePtr built_in_type(std::string_view name) {
  if (name == "range") return type_of(Kind::range);
  const auto found =
      std::find_if(named.begin(), named.end(), [&](const Named& entry) { return entry.name == name; });
  return found == named.end() ? nullptr : type_of(found->kind);
}

std::string text_of(const Type& type) {
  if (!type.name.empty()) return type.name;
  switch (type.kind) {
    case Kind::list:
      return type.element == nullptr ? "list" : "list<" + text_of(*type.element) + ">";
    case Kind::range:
      return type.element == nullptr ? "range" : "range<" + text_of(*type.element) + ">";
    case Kind::context: {
      if (type.fields.empty()) return "context";
      std::string text = "context<";
      for (const Type::Field& field : type.fields) {
        if (text.back() != '<') text += ", ";
        text += field.name + ": " + text_of(*field.type);
      }
      return text + ">";
    }
    default:
      return std::string(std::find_if(named.begin(), named.end(), [&](const Named& entry) {
                           return entry.kind == type.kind;
                         })->name);
  }
}

bool instance_of(const Value& value, const Type& type) {
  if (type.kind == Kind::any || value.is_null()) return true;
  switch (type.kind) {
    case Kind::boolean:
      return value.boolean() != nullptr;
    case Kind::number:
      return value.number() != nullptr;
    case Kind::text:
      return value.text() != nullptr;
    case Kind::date:
      return value.date() != nullptr;
    case Kind::time:
      return value.time() != nullptr;
    case Kind::date_time:
      return value.date_time() != nullptr;
    case Kind::years_months:
      return value.years_months() != nullptr;
    case Kind::days_time:
      return value.days_time() != nullptr;
    case Kind::list:
      return value.list() != nullptr && list_instance(*value.list(), type);
    case Kind::context:
      return value.context() != nullptr && context_instance(*value.context(), type);
    case Kind::range:
      return value.range() != nullptr && range_instance(*value.range(), type);
    case Kind::function:
      return value.function() != nullptr && function_instance(*value.function(), type);
    case Kind::any:
    case Kind::null:
      return false;
  }
  return false;
}

bool conforms(const Type& type, const Type& wider) {
  if (wider.kind == Kind::any || type.kind == Kind::null) return true;
  if (type.kind != wider.kind) return false;
  switch (type.kind) {
    case Kind::list:
    case Kind::range:
      return wider.element == nullptr || (type.element != nullptr && conforms(*type.element, *wider.element));
    case Kind::context:
      return std::all_of(wider.fields.begin(), wider.fields.end(), [&](const Type::Field& field) {
        const Type::Field* own = type.field(field.name);
        return own != nullptr && conforms(*own->type, *field.type);
      });
    case Kind::function:
      return function_conforms(type, wider);
    default:
      return true;
  }
}

bool is_plainly(const Value& value, const Type& type) {
  // What has parts may have constraints in them.
  const bool whole = type.kind != Kind::list && type.kind != Kind::context && type.kind != Kind::range;
  return whole && type.constraint == nullptr && instance_of(value, type);
}

Value coerced(Machine& machine, Value value, const TypePtr& type) {
  if (type == nullptr || type->kind == Kind::any || value.is_null()) {
    const bool plain = type == nullptr || type->constraint == nullptr || value.is_null();
    if (plain || type->constraint->holds(machine, value)) return value;
    return machine.fail("feel-not-allowed", text_of(value) + " is not in " + type->constraint->text());
  }
  if (!instance_of(value, *type)) {
    const List* list = value.list();
    if (list != nullptr && list->size() == 1 && type->kind != Kind::list && instance_of((*list)[0], *type)) {
      value = Value((*list)[0]);
    } else if (list == nullptr && type->kind == Kind::list &&
               (type->element == nullptr || instance_of(value, *type->element))) {
      value = List{value};
    } else if (value.date() != nullptr && type->kind == Kind::date_time) {
      value = midnight_of(*value.date(), *Zone::of_offset(0));
    } else {
      return machine.fail("feel-type", std::string(kind_name(value)) + " is no " + text_of(*type));
    }
  }
  if (const Constraint* constraint = broken(machine, value, *type); constraint != nullptr)
    return machine.fail("feel-not-allowed", text_of(value) + " is not in " + constraint->text());
  return value;
}

}  // namespace qipan::expr
