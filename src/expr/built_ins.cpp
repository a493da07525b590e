#include "expr/built_ins.hpp"

#include <algorithm>
#include <map>

#include "expr/scope.hpp"

namespace qipan::expr {

namespace {

/// The value as that place takes it; nothing where it does not fit.
std::optional<Value> fitted(Accept accept, const Value& value) {
  const auto fits = [accept](const Value& v) {
    switch (accept) {
      case Accept::any:
        return true;
      case Accept::number:
        return v.number() != nullptr;
      case Accept::text:
        return v.text() != nullptr;
      case Accept::boolean:
        return v.boolean() != nullptr;
      case Accept::list:
        return v.list() != nullptr;
      case Accept::context:
        return v.context() != nullptr;
      case Accept::range:
        return v.range() != nullptr;
      case Accept::date:
        return v.date() != nullptr;
      case Accept::time:
        return v.time() != nullptr;
      case Accept::date_time:
        return v.date_time() != nullptr;
      case Accept::date_or_date_time:
        return v.date() != nullptr || v.date_time() != nullptr;
      case Accept::days_time:
        return v.days_time() != nullptr;
      case Accept::duration:
        return v.days_time() != nullptr || v.years_months() != nullptr;
      case Accept::function:
        return v.function() != nullptr;
      case Accept::point:
        return v.range() == nullptr && v.list() == nullptr && v.context() == nullptr &&
               v.function() == nullptr && v.boolean() == nullptr;
    }
    return false;
  };
  if (fits(value)) return value;
  if (accept == Accept::list) return Value(List{value});
  if (accept == Accept::date_time && value.date() != nullptr)
    return Value(midnight_of(*value.date(), *Zone::of_offset(0)));
  if (value.list() != nullptr && value.list()->size() == 1 && fits((*value.list())[0]))
    return (*value.list())[0];
  return std::nullopt;
}

/// Whether a value of that static type may stand in that place.
bool may_fit(Accept accept, const Type& type) {
  using Kind = Type::Kind;
  const Kind kind = type.kind;
  if (kind == Kind::any || kind == Kind::null || kind == Kind::list || accept == Accept::list) return true;
  switch (accept) {
    case Accept::number:
      return kind == Kind::number;
    case Accept::text:
      return kind == Kind::text;
    case Accept::boolean:
      return kind == Kind::boolean;
    case Accept::context:
      return kind == Kind::context;
    case Accept::range:
      return kind == Kind::range;
    case Accept::function:
      return kind == Kind::function;
    case Accept::date:
    case Accept::time:
    case Accept::date_time:
    case Accept::date_or_date_time:
      return kind == Kind::date || kind == Kind::time || kind == Kind::date_time;
    case Accept::days_time:
    case Accept::duration:
      return kind == Kind::days_time || kind == Kind::years_months;
    default:
      return true;
  }
}

class BuiltInFunction final : public Function {
 public:
  explicit BuiltInFunction(const BuiltIn& what) : what_(what) {
    result = type_of(what.result);
    for (const Formal& formal : what.overloads[0].formals)
      parameters.push_back({std::string(formal.name), type_of(Type::Kind::any)});
  }

  std::string_view name() const override { return what_.name; }

  [[nodiscard]] std::string misfit(const std::vector<TypePtr>& types,
                                   const std::vector<std::string>& names) const {
    std::string reason;
    for (const Overload& overload : what_.overloads) {
      std::vector<Value> values;
      std::string why =
          placed(overload, {std::vector<Value>(types.size()), names.empty() ? nullptr : &names}, values);
      for (std::size_t i = 0; why.empty() && names.empty() && i < types.size(); ++i) {
        const Formal& formal = overload.formals[std::min(i, overload.formals.size() - 1)];
        if (!may_fit(formal.accept, *types[i]))
          why = std::string(formal.name) + " cannot be a " + text_of(*types[i]);
      }
      if (why.empty()) return {};
      if (reason.empty()) reason = std::move(why);
    }
    return reason;
  }

  Value call(Machine& machine, Arguments arguments) const override {
    std::string reason;
    for (const Overload& overload : what_.overloads) {
      std::vector<Value> values;
      std::string why = placed(overload, arguments, values);
      if (why.empty()) {
        for (std::size_t i = 0; i < values.size(); ++i) {
          const Formal& formal = overload.formals[i];
          if (values[i].is_null() && !formal.nullable && !formal.optional && formal.accept != Accept::any) {
            why = std::string(formal.name) + " is null";
            break;
          }
        }
      }
      if (why.empty()) return overload.run(machine, values);
      if (reason.empty()) reason = std::move(why);
    }
    return machine.fail("feel-argument", std::string(what_.name) + ": " + reason);
  }

 private:
  /// Puts the arguments into the places of an overload; says what does not fit.
  static std::string placed(const Overload& overload, const Arguments& arguments,
                            std::vector<Value>& values) {
    const auto& formals = overload.formals;
    values.assign(formals.size(), Value());
    std::vector<bool> given(formals.size());
    List rest;
    for (std::size_t i = 0; i < arguments.values.size(); ++i) {
      std::size_t place = i;
      if (arguments.names != nullptr) {
        const std::string& name = (*arguments.names)[i];
        place = static_cast<std::size_t>(
            std::find_if(formals.begin(), formals.end(), [&](const Formal& f) { return f.name == name; }) -
            formals.begin());
        if (place == formals.size()) return "no parameter is named " + name;
        if (given[place]) return name + " is given twice";
      }
      const bool repeats = overload.variadic && place + 1 >= formals.size();
      if (place >= formals.size() && !repeats) return std::to_string(arguments.values.size()) + " arguments";
      const Formal& formal = formals[std::min(place, formals.size() - 1)];
      const Value& value = arguments.values[i];
      if (repeats) {
        rest.push_back(value);
        given.back() = true;
        continue;
      }
      given[place] = true;
      auto fit = value.is_null() ? std::optional<Value>(value) : fitted(formal.accept, value);
      if (!fit) return std::string(formal.name) + " cannot be a " + std::string(kind_name(value));
      values[place] = std::move(*fit);
    }
    for (std::size_t i = 0; i < formals.size(); ++i) {
      if (!given[i] && !formals[i].optional) return std::string(formals[i].name) + " is missing";
    }
    if (overload.variadic) values.back() = std::move(rest);
    return {};
  }

  const BuiltIn& what_;
};

struct Known {
  std::vector<std::string> parts;
  FunctionPtr function;
  TypePtr type;
};

TypePtr function_type_of(const BuiltIn& what) {
  auto type = std::make_shared<Type>();
  type->kind = Type::Kind::function;
  type->any_parameters = true;
  type->result = type_of(what.result);
  return type;
}

/// By first part, the longest names first.
const std::map<std::string, std::vector<Known>, std::less<>>& known_functions() {
  static const auto all = [] {
    std::map<std::string, std::vector<Known>, std::less<>> map;
    for (const auto* family :
         {&conversion_built_ins(), &text_built_ins(), &number_built_ins(), &list_built_ins(),
          &statistics_built_ins(), &temporal_built_ins(), &range_built_ins(), &context_built_ins()}) {
      for (const BuiltIn& what : *family) {
        std::vector<std::string> parts = name_parts(what.name);
        auto& list = map[parts[0]];
        list.push_back({parts, std::make_shared<const BuiltInFunction>(what), function_type_of(what)});
      }
    }
    for (auto& [first, list] : map) {
      std::stable_sort(list.begin(), list.end(),
                       [](const Known& a, const Known& b) { return a.parts.size() > b.parts.size(); });
    }
    return map;
  }();
  return all;
}

}  // namespace

BuiltInMatch match_built_in(const std::vector<Lexeme>& lexemes, std::size_t at) {
  const auto& all = known_functions();
  const auto found = all.find(lexemes[at].text);
  if (found == all.end()) return {};
  for (const Known& known : found->second) {
    if (const std::size_t count = matched(known.parts, lexemes, at); count != 0)
      return {known.function, known.type, count};
  }
  return {};
}

std::string misfit(const Function& function, const std::vector<TypePtr>& arguments,
                   const std::vector<std::string>& names) {
  const auto* built_in = dynamic_cast<const BuiltInFunction*>(&function);
  return built_in == nullptr ? std::string() : built_in->misfit(arguments, names);
}

}  // namespace qipan::expr
