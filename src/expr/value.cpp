#include "expr/value.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace qipan::expr {

Value::Value(Context value) : held_(std::make_shared<const Context>(std::move(value))) {}
Value::Value(Range value) : held_(std::make_shared<const Range>(std::move(value))) {}

void ContextBuilder::set(std::string_view key, Value value) {
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found != keys_.end()) {
    values_[static_cast<std::size_t>(found - keys_.begin())] = std::move(value);
    return;
  }
  keys_.emplace_back(key);
  values_.push_back(std::move(value));
}

Value ContextBuilder::done() {
  return Context{std::make_shared<const std::vector<std::string>>(std::move(keys_)), std::move(values_)};
}

std::string_view kind_name(const Value& value) {
  constexpr std::array<std::string_view, 13> names = {"null",
                                                      "boolean",
                                                      "number",
                                                      "string",
                                                      "date",
                                                      "time",
                                                      "date and time",
                                                      "years and months duration",
                                                      "days and time duration",
                                                      "list",
                                                      "context",
                                                      "range",
                                                      "function"};
  static_assert(names.size() == std::variant_size_v<Value::Held>);
  return names[value.kind()];
}

namespace {

constexpr int text_depth_max = 50;

void append(std::string& out, const Value& value, bool nested, int depth);

struct Writer {
  std::string& out;
  bool nested;
  int depth;

  void operator()(std::monostate) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(const Decimal& value) const { out += value.text(); }
  void operator()(const Text& value) const {
    if (!nested) {
      out += *value;
    } else {
      append_json_text(out, *value);
    }
  }
  template <class Temporal>
  void operator()(const Temporal& value) const {
    if (nested) out += "@\"";
    out += text_of(value);
    if (nested) out += '"';
  }
  void operator()(const ListPtr& value) const {
    out += '[';
    for (std::size_t i = 0; i < value->size(); ++i) {
      if (i != 0) out += ", ";
      append(out, (*value)[i], true, depth + 1);
    }
    out += ']';
  }
  void operator()(const ContextPtr& value) const {
    out += '{';
    for (std::size_t i = 0; i < value->values.size(); ++i) {
      if (i != 0) out += ", ";
      const std::string& key = (*value->keys)[i];
      const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u >= 0x80 || c == '_' || c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z');
      });
      if (plain) {
        out += key;
      } else {
        append_json_text(out, key);
      }
      out += ": ";
      append(out, value->values[i], true, depth + 1);
    }
    out += '}';
  }
  void operator()(const RangePtr& value) const {
    if (value->form != Range::Form::endpoints) {
      const bool low = value->has_low();
      const bool included = low ? value->low_included : value->high_included;
      constexpr std::array<std::string_view, 5> signs = {"", "<", ">", "=", "!="};
      out += '(';
      out += signs[static_cast<std::size_t>(value->form)];
      if (value->form < Range::Form::same && included) out += '=';
      append(out, low ? value->low : value->high, true, depth + 1);
      out += ')';
      return;
    }
    out += value->low_included ? '[' : '(';
    append(out, value->low, true, depth + 1);
    out += "..";
    append(out, value->high, true, depth + 1);
    out += value->high_included ? ']' : ')';
  }
  void operator()(const FunctionPtr&) const { out += "function"; }
};

void append(std::string& out, const Value& value, bool nested, int depth) {
  if (depth > text_depth_max) {
    out += "…";
    return;
  }
  std::visit(Writer{out, nested, depth}, value.held());
}

std::optional<bool> lists_equal(const List& a, const List& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto same = equals(a[i], b[i]);
    if (!same) return std::nullopt;
    if (!*same) return false;
  }
  return true;
}

std::optional<bool> contexts_equal(const Context& a, const Context& b) {
  if (a.values.size() != b.values.size()) return false;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const Value* other = b.find((*a.keys)[i]);
    if (other == nullptr) return false;
    const auto same = equals(a.values[i], *other);
    if (!same) return std::nullopt;
    if (!*same) return false;
  }
  return true;
}

std::optional<bool> ranges_equal(const Range& a, const Range& b) {
  if (a.form != b.form || a.low_included != b.low_included || a.high_included != b.high_included)
    return false;
  const auto low = equals(a.low, b.low);
  const auto high = equals(a.high, b.high);
  if (!low || !high) return std::nullopt;
  return *low && *high;
}

}  // namespace

std::string text_of(const Value& value) {
  std::string out;
  append(out, value, false, 0);
  return out;
}

std::optional<bool> equals(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
  if (left.kind() != right.kind()) return std::nullopt;
  if (left.boolean() != nullptr) return *left.boolean() == *right.boolean();
  if (left.list() != nullptr) return lists_equal(*left.list(), *right.list());
  if (left.context() != nullptr) return contexts_equal(*left.context(), *right.context());
  if (left.range() != nullptr) return ranges_equal(*left.range(), *right.range());
  if (left.function() != nullptr) return left.function() == right.function();
  return *compare(left, right) == std::strong_ordering::equal;
}

std::optional<std::strong_ordering> compare(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return std::nullopt;
  if (left.number() != nullptr) return *left.number() <=> *right.number();
  // Bytes of UTF-8 are in the order of the code points.
  if (left.text() != nullptr) return left.text()->compare(*right.text()) <=> 0;
  if (left.date() != nullptr) return *left.date() <=> *right.date();
  if (left.time() != nullptr) return compare(*left.time(), *right.time());
  if (left.date_time() != nullptr) return compare(*left.date_time(), *right.date_time());
  if (left.years_months() != nullptr) return *left.years_months() <=> *right.years_months();
  if (left.days_time() != nullptr) return *left.days_time() <=> *right.days_time();
  return std::nullopt;
}

std::optional<bool> includes(const Range& range, const Value& value) {
  if (range.form == Range::Form::other) {
    const auto same = equals(value, range.low);
    return same ? std::optional(!*same) : std::nullopt;
  }
  // One side that does not hold decides, even where the other cannot be told.
  bool known = true;
  if (range.has_low()) {
    const auto order = compare(value, range.low);
    if (order && !(*order > 0 || (range.low_included && *order == 0))) return false;
    known = order.has_value();
  }
  if (range.has_high()) {
    const auto order = compare(value, range.high);
    if (order && !(*order < 0 || (range.high_included && *order == 0))) return false;
    known = known && order.has_value();
  }
  return known ? std::optional(true) : std::nullopt;
}

}  // namespace qipan::expr
