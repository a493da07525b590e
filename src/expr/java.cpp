#include "expr/java.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "expr/characters.hpp"
#include "expr/java_format.hpp"
#include "expr/nodes.hpp"

namespace qipan::expr {

namespace {

/// What a Java method is handed and gives back; a character and a string are both text, an object and an
/// array of objects are FEEL's own values.
using Held = std::variant<std::monostate, bool, std::int64_t, float, double, std::string, Value, List>;
using Passed = std::span<const Held>;
using Body = std::function<Held(Passed)>;
/// One whose work grows with what it is handed: it pays for that.
using PayingBody = std::function<Held(Machine&, Passed)>;

/// Names by which signatures call types, as java.lang.Class writes them.
constexpr std::string_view text_type = "java.lang.String";
constexpr std::string_view object_type = "java.lang.Object";
constexpr std::string_view objects_type = "[Ljava.lang.Object;";

struct WholeType {
  std::string_view name;
  std::string_view box;
  std::string_view parse;
  std::int64_t least;
  std::int64_t most;
};
template <class T>
constexpr WholeType whole(std::string_view name, std::string_view box, std::string_view parse) {
  return {name, box, parse, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}
constexpr std::array whole_types = {
    whole<std::int8_t>("byte", "java.lang.Byte", "parseByte"),
    whole<std::int16_t>("short", "java.lang.Short", "parseShort"),
    whole<std::int32_t>("int", "java.lang.Integer", "parseInt"),
    whole<std::int64_t>("long", "java.lang.Long", "parseLong"),
};

/// Java's whole numbers wrap around.
std::int64_t wrapped(const WholeType& type, std::uint64_t bits) {
  if (type.name == "int") return static_cast<std::int32_t>(bits);
  return static_cast<std::int64_t>(bits);
}

/// A sign that from_chars does not read; two of them stay, and are refused.
std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
}

/// Of a number that is out of its type's range.
bool too_small(std::string_view text) {
  const auto number = Decimal::parse(text);
  return !number || number->absolute() < Decimal(1);
}

template <class T>
std::optional<T> real(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  text = without_plus(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  // Too small for the type is zero, as in Java; too large is infinite, which FEEL does not have.
  if (error == std::errc::result_out_of_range) return too_small(text) ? std::optional(T{}) : std::nullopt;
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

Held whole_of(const WholeType& type, std::string_view text) {
  text = without_plus(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  if (value < type.least || value > type.most) return {};
  return value;
}

/// As many digits as tell the number from its neighbours, which is how Java's BigDecimal.valueOf takes it.
template <class T>
Value number_of(T value) {
  std::array<char, 64> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return Decimal::parse({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

/// The argument as that type takes it; nothing where it does not hold it.
Held taken(std::string_view type, const Value& value) {
  if (type == object_type) return value;
  if (type == text_type) return value.text() == nullptr ? Held() : Held(*value.text());
  if (type == "boolean") return value.boolean() == nullptr ? Held() : Held(*value.boolean());
  // One unit of UTF-16, which is what three bytes of UTF-8 hold.
  if (type == "char") {
    const std::string* text = value.text();
    constexpr std::size_t bytes_max = 3;
    return text != nullptr && code_points(*text) == 1 && text->size() <= bytes_max ? Held(*text) : Held();
  }
  if (value.number() == nullptr) return {};
  for (const WholeType& known : whole_types) {
    if (type != known.name) continue;
    const auto number = value.number()->integer();
    return number && *number >= known.least && *number <= known.most ? Held(*number) : Held();
  }
  const auto held = [](auto number) { return number ? Held(*number) : Held(); };
  return type == "float" ? held(real<float>(value.number()->text()))
                         : held(real<double>(value.number()->text()));
}

struct Method {
  std::vector<std::string_view> types;
  PayingBody run;
};
using Methods = std::map<std::string, Method, std::less<>>;

void add_paying(Methods& methods, std::string_view owner, std::string_view name,
                std::vector<std::string_view> types, PayingBody run) {
  std::string key = std::string(owner) + "." + std::string(name) + "(";
  for (std::size_t i = 0; i < types.size(); ++i) key += (i == 0 ? "" : ",") + std::string(types[i]);
  methods.emplace(key + ")", Method{std::move(types), std::move(run)});
}

void add(Methods& methods, std::string_view owner, std::string_view name, std::vector<std::string_view> types,
         Body run) {
  add_paying(methods, owner, name, std::move(types),
             [run = std::move(run)](Machine&, Passed given) { return run(given); });
}

constexpr std::string_view math = "java.lang.Math";

void add_whole_math(Methods& methods, const WholeType& type) {
  const auto both = [&](std::string_view name, auto operation) {
    add(methods, math, name, {type.name, type.name}, [operation](Passed given) {
      return operation(std::get<std::int64_t>(given[0]), std::get<std::int64_t>(given[1]));
    });
  };
  add(methods, math, "abs", {type.name}, [type](Passed given) {
    const auto value = std::get<std::int64_t>(given[0]);
    const auto bits = static_cast<std::uint64_t>(value);
    return Held(wrapped(type, value < 0 ? 0 - bits : bits));
  });
  both("max", [](std::int64_t left, std::int64_t right) { return Held(std::max(left, right)); });
  both("min", [](std::int64_t left, std::int64_t right) { return Held(std::min(left, right)); });
  // The least number by -1 wraps around to itself.
  both("floorDiv", [type](std::int64_t left, std::int64_t right) {
    if (right == 0) return Held();
    if (right == -1) return Held(wrapped(type, 0 - static_cast<std::uint64_t>(left)));
    return Held(left / right - static_cast<std::int64_t>(left % right != 0 && (left < 0) != (right < 0)));
  });
  both("floorMod", [](std::int64_t left, std::int64_t right) {
    if (right == 0) return Held();
    if (right == -1) return Held(std::int64_t{0});
    const std::int64_t rest = left % right;
    return Held(rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest);
  });
}

template <class T>
void add_real_math(Methods& methods, std::string_view type) {
  const auto one = [&](std::string_view name, T (*operation)(T)) {
    add(methods, math, name, {type}, [operation](Passed given) { return operation(std::get<T>(given[0])); });
  };
  const auto two = [&](std::string_view name, T (*operation)(T, T)) {
    add(methods, math, name, {type, type},
        [operation](Passed given) { return operation(std::get<T>(given[0]), std::get<T>(given[1])); });
  };
  one("abs", [](T x) { return std::fabs(x); });
  one("signum", [](T x) { return x == 0 ? x : std::copysign(T{1}, x); });
  two("max", [](T x, T y) { return std::fmax(x, y); });
  two("min", [](T x, T y) { return std::fmin(x, y); });
  two("copySign", [](T x, T y) { return std::copysign(x, y); });
  // Halves go up, also below zero; what is beyond the type is its end.
  const std::int64_t end = type == "float" ? std::int64_t{std::numeric_limits<std::int32_t>::max()}
                                           : std::numeric_limits<std::int64_t>::max();
  add(methods, math, "round", {type}, [end](Passed given) {
    const T value = std::get<T>(given[0]);
    const T below = std::floor(value);
    const T nearest = value - below >= T{0.5} ? below + 1 : below;
    if (nearest >= static_cast<T>(end)) return Held(end);
    return nearest <= -static_cast<T>(end) ? Held(-end - 1) : Held(static_cast<std::int64_t>(nearest));
  });
}

void add_double_math(Methods& methods) {
  using One = double (*)(double);
  constexpr double degrees = 180.0;
  const double pi = std::acos(-1.0);
  const std::pair<std::string_view, One> ones[] = {
      {"acos", std::acos},   {"asin", std::asin},   {"atan", std::atan},      {"cbrt", std::cbrt},
      {"ceil", std::ceil},   {"cos", std::cos},     {"cosh", std::cosh},      {"exp", std::exp},
      {"expm1", std::expm1}, {"floor", std::floor}, {"log", std::log},        {"log10", std::log10},
      {"log1p", std::log1p}, {"sin", std::sin},     {"sinh", std::sinh},      {"sqrt", std::sqrt},
      {"tan", std::tan},     {"tanh", std::tanh},   {"rint", std::nearbyint},
  };
  for (const auto& [name, operation] : ones) {
    add(methods, math, name, {"double"},
        [operation = operation](Passed given) { return operation(std::get<double>(given[0])); });
  }
  add(methods, math, "toRadians", {"double"},
      [pi](Passed given) { return std::get<double>(given[0]) * (pi / degrees); });
  add(methods, math, "toDegrees", {"double"},
      [pi](Passed given) { return std::get<double>(given[0]) * (degrees / pi); });
  using Two = double (*)(double, double);
  const std::pair<std::string_view, Two> twos[] = {
      {"atan2", std::atan2}, {"hypot", std::hypot}, {"pow", std::pow}, {"IEEEremainder", std::remainder}};
  for (const auto& [name, operation] : twos) {
    add(methods, math, name, {"double", "double"}, [operation = operation](Passed given) {
      return operation(std::get<double>(given[0]), std::get<double>(given[1]));
    });
  }
}

template <class T>
void add_real_box(Methods& methods, std::string_view type, std::string_view box, std::string_view parse) {
  const Body read = [](Passed given) {
    const auto value = real<T>(std::get<std::string>(given[0]));
    return value ? Held(*value) : Held();
  };
  add(methods, box, "valueOf", {text_type}, read);
  add(methods, box, parse, {text_type}, read);
  add(methods, box, "valueOf", {type}, [](Passed given) { return given[0]; });
  const Body written = [](Passed given) { return java_text(std::get<T>(given[0])); };
  add(methods, box, "toString", {type}, written);
  add(methods, text_type, "valueOf", {type}, written);
}

void add_boxes(Methods& methods) {
  const Body same = [](Passed given) { return given[0]; };
  for (const WholeType& type : whole_types) {
    const Body read = [type](Passed given) { return whole_of(type, std::get<std::string>(given[0])); };
    const Body written = [](Passed given) { return std::to_string(std::get<std::int64_t>(given[0])); };
    add(methods, type.box, "valueOf", {text_type}, read);
    add(methods, type.box, type.parse, {text_type}, read);
    add(methods, type.box, "valueOf", {type.name}, same);
    add(methods, type.box, "toString", {type.name}, written);
    if (type.name == "int" || type.name == "long") add(methods, text_type, "valueOf", {type.name}, written);
  }
  add_real_box<float>(methods, "float", "java.lang.Float", "parseFloat");
  add_real_box<double>(methods, "double", "java.lang.Double", "parseDouble");
  constexpr std::string_view boolean_box = "java.lang.Boolean";
  const Body truth = [](Passed given) { return lower_cased(std::get<std::string>(given[0])) == "true"; };
  const Body yes_no = [](Passed given) {
    return Held(std::string(std::get<bool>(given[0]) ? "true" : "false"));
  };
  add(methods, boolean_box, "valueOf", {text_type}, truth);
  add(methods, boolean_box, "parseBoolean", {text_type}, truth);
  add(methods, boolean_box, "valueOf", {"boolean"}, same);
  add(methods, boolean_box, "toString", {"boolean"}, yes_no);
  add(methods, text_type, "valueOf", {"boolean"}, yes_no);
  add(methods, "java.lang.Character", "valueOf", {"char"}, same);
  add(methods, "java.lang.Character", "toString", {"char"}, same);
  add(methods, text_type, "valueOf", {"char"}, same);
  add_paying(methods, text_type, "valueOf", {object_type}, [](Machine& machine, Passed given) {
    std::string text = text_of(std::get<Value>(given[0]));
    return machine.charge(1, static_cast<std::int64_t>(text.size())) ? Held(std::move(text)) : Held();
  });
  add_paying(methods, text_type, "format", {text_type, objects_type}, [](Machine& machine, Passed given) {
    const auto pay = [&](std::size_t bytes) { return machine.charge(1, static_cast<std::int64_t>(bytes)); };
    auto text = java_format(std::get<std::string>(given[0]), std::get<List>(given[1]), pay);
    return text ? Held(std::move(*text)) : Held();
  });
}

const Methods& methods() {
  static const Methods all = [] {
    Methods made;
    for (const WholeType& type : whole_types) {
      if (type.name == "int" || type.name == "long") add_whole_math(made, type);
    }
    add_real_math<float>(made, "float");
    add_real_math<double>(made, "double");
    add_double_math(made);
    add_boxes(made);
    return made;
  }();
  return all;
}

class JavaNode final : public Node {
 public:
  JavaNode(NodePtr mapping, std::size_t parameters) : mapping_(std::move(mapping)), parameters_(parameters) {}

  Value evaluate(Machine& machine) const override {
    const Value mapping = run(*mapping_, machine);
    const auto member = [&](std::string_view name) {
      const Value* found = mapping.context() == nullptr ? nullptr : mapping.context()->find(name);
      return found == nullptr ? nullptr : found->text();
    };
    const std::string* owner = member("class");
    const std::string* signature = member("method signature");
    if (owner == nullptr || signature == nullptr)
      return machine.fail("feel-external", "a class and a method signature of Java were expected");
    const std::string name = *owner + "." + without_spaces(*signature);
    const auto found = methods().find(name);
    if (found == methods().end())
      return machine.fail("feel-external", "no Java method " + name + " is known");
    return call(machine, name, found->second);
  }

 private:
  static std::string without_spaces(std::string_view text) {
    std::string kept;
    for (const char c : text) {
      if (c != ' ') kept += c;
    }
    return kept;
  }

  Value call(Machine& machine, const std::string& name, const Method& method) const {
    const bool variadic = method.types.back() == objects_type;
    const std::size_t fixed = method.types.size() - (variadic ? 1 : 0);
    if (variadic ? parameters_ < fixed : parameters_ != fixed)
      return machine.fail("feel-external", name + ": another number of parameters was expected");
    std::vector<Held> given;
    for (std::size_t i = 0; i < fixed; ++i) {
      given.push_back(taken(method.types[i], machine.local(i)));
      if (given.back().index() == 0)
        return machine.fail("feel-external", name + ": argument " + std::to_string(i + 1) + " is no " +
                                                 std::string(method.types[i]));
    }
    if (variadic) {
      List rest;
      for (std::size_t i = fixed; i < parameters_; ++i) rest.push_back(machine.local(i));
      // A list in the array's place is the array.
      if (rest.size() == 1 && rest[0].list() != nullptr) rest = List(*rest[0].list());
      given.emplace_back(std::move(rest));
    }
    const Value answer = feel(method.run(machine, given));
    if (answer.is_null()) return machine.fail("feel-external", name + ": no value for these arguments");
    if (const std::string* text = answer.text(); text != nullptr) {
      if (!machine.charge(1, static_cast<std::int64_t>(text->size()))) return {};
    }
    return answer;
  }

  static Value feel(const Held& held) {
    if (const auto* value = std::get_if<bool>(&held)) return *value;
    if (const auto* value = std::get_if<std::int64_t>(&held)) return *value;
    if (const auto* value = std::get_if<float>(&held)) return number_of(*value);
    if (const auto* value = std::get_if<double>(&held)) return number_of(*value);
    if (const auto* value = std::get_if<std::string>(&held)) return *value;
    return {};
  }

  NodePtr mapping_;
  std::size_t parameters_;
};

}  // namespace

NodePtr java_node(NodePtr mapping, std::size_t parameters) {
  return std::make_shared<JavaNode>(std::move(mapping), parameters);
}

}  // namespace qipan::expr
