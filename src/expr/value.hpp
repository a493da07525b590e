#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "expr/temporal.hpp"

namespace qipan::expr {

class Value;
class Function;
struct Range;
struct Context;

using Text = std::shared_ptr<const std::string>;
using List = std::vector<Value>;
using ListPtr = std::shared_ptr<const List>;
using ContextPtr = std::shared_ptr<const Context>;
using RangePtr = std::shared_ptr<const Range>;
using FunctionPtr = std::shared_ptr<const Function>;

/// A FEEL value (DMN 1.5, 10.3.2.2). What is held by pointer never changes, so copies share it.
class Value {
 public:
  using Held = std::variant<std::monostate, bool, Decimal, Text, Date, Time, DateTime, YearsMonths, DaysTime,
                            ListPtr, ContextPtr, RangePtr, FunctionPtr>;

  Value() = default;
  Value(bool value) : held_(value) {}
  Value(int value) : held_(Decimal(value)) {}
  Value(std::int64_t value) : held_(Decimal(value)) {}
  Value(Decimal value) : held_(value) {}
  Value(std::string value) : held_(std::make_shared<const std::string>(std::move(value))) {}
  Value(std::string_view value) : Value(std::string(value)) {}
  Value(const char* value) : Value(std::string(value)) {}
  Value(Text value) : held_(std::move(value)) {}
  Value(Date value) : held_(value) {}
  Value(Time value) : held_(value) {}
  Value(DateTime value) : held_(value) {}
  Value(YearsMonths value) : held_(value) {}
  Value(DaysTime value) : held_(value) {}
  Value(List value) : held_(std::make_shared<const List>(std::move(value))) {}
  Value(Context value);
  Value(Range value);
  Value(ListPtr value) : held_(std::move(value)) {}
  Value(ContextPtr value) : held_(std::move(value)) {}
  Value(RangePtr value) : held_(std::move(value)) {}
  Value(FunctionPtr value) : held_(std::move(value)) {}
  /// Nothing is null.
  template <class T>
  Value(std::optional<T> value) {
    if (value) *this = Value(std::move(*value));
  }

  [[nodiscard]] std::size_t kind() const { return held_.index(); }
  [[nodiscard]] bool is_null() const { return kind() == 0; }
  [[nodiscard]] bool is_true() const { return boolean() != nullptr && *boolean(); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&held_); }
  [[nodiscard]] const Decimal* number() const { return std::get_if<Decimal>(&held_); }
  [[nodiscard]] const std::string* text() const {
    const auto* held = std::get_if<Text>(&held_);
    return held == nullptr ? nullptr : held->get();
  }
  [[nodiscard]] const Date* date() const { return std::get_if<Date>(&held_); }
  [[nodiscard]] const Time* time() const { return std::get_if<Time>(&held_); }
  [[nodiscard]] const DateTime* date_time() const { return std::get_if<DateTime>(&held_); }
  [[nodiscard]] const YearsMonths* years_months() const { return std::get_if<YearsMonths>(&held_); }
  [[nodiscard]] const DaysTime* days_time() const { return std::get_if<DaysTime>(&held_); }
  [[nodiscard]] const List* list() const {
    const auto* held = std::get_if<ListPtr>(&held_);
    return held == nullptr ? nullptr : held->get();
  }
  [[nodiscard]] const Context* context() const {
    const auto* held = std::get_if<ContextPtr>(&held_);
    return held == nullptr ? nullptr : held->get();
  }
  [[nodiscard]] const Range* range() const {
    const auto* held = std::get_if<RangePtr>(&held_);
    return held == nullptr ? nullptr : held->get();
  }
  [[nodiscard]] FunctionPtr function() const {
    const auto* held = std::get_if<FunctionPtr>(&held_);
    return held == nullptr ? nullptr : *held;
  }
  [[nodiscard]] const Held& held() const { return held_; }

 private:
  Held held_;
};

/// Entries in their order; the keys are shared by all contexts that one expression makes.
struct Context {
  using Keys = std::shared_ptr<const std::vector<std::string>>;
  Keys keys = std::make_shared<const std::vector<std::string>>();
  std::vector<Value> values;

  [[nodiscard]] const Value* find(std::string_view key) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((*keys)[i] == key) return &values[i];
    }
    return nullptr;
  }
};

/// Builds a context entry by entry; a key that comes again replaces the earlier value.
class ContextBuilder {
 public:
  ContextBuilder() = default;
  explicit ContextBuilder(const Context& from) : keys_(*from.keys), values_(from.values) {}
  void set(std::string_view key, Value value);
  [[nodiscard]] Value done();

 private:
  std::vector<std::string> keys_;
  std::vector<Value> values_;
};

/// A range of endpoints, or of an operator: (< 10) has no start at all, which is another thing than a start
/// that is null (DMN 1.5, 10.3.2.7): nothing can be compared with null, so that what is in [null..10] is
/// never known to be.
struct Range {
  /// How it was written; (= 10) and (!= 10) keep their point as both endpoints.
  enum class Form { endpoints, less, greater, same, other };
  Value low;
  Value high;
  bool low_included = false;
  bool high_included = false;
  Form form = Form::endpoints;

  [[nodiscard]] bool has_low() const { return form != Form::less; }
  [[nodiscard]] bool has_high() const { return form != Form::greater; }
};

/// What `string()` gives: a string as it is, everything else as one would write it.
[[nodiscard]] std::string text_of(const Value& value);
/// A name of the value's kind for messages: "number", "days and time duration".
[[nodiscard]] std::string_view kind_name(const Value& value);

/// DMN 1.5, table 42: null equals null only; values of different kinds are not comparable (nothing).
[[nodiscard]] std::optional<bool> equals(const Value& left, const Value& right);
/// Order of numbers, strings, dates, times, date-times and durations of one kind; nothing for all others.
[[nodiscard]] std::optional<std::strong_ordering> compare(const Value& left, const Value& right);
/// Whether the value lies in the range, by three-valued logic; nothing where that cannot be told.
[[nodiscard]] std::optional<bool> includes(const Range& range, const Value& value);

}  // namespace qipan::expr
