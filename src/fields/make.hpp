#pragma once

#include "fields/type.hpp"
#include "fields/types/all.hpp"

namespace qipan::fields {

/// A field as the program declares it, in the order in which it is said:
///   Make("code", types::text()).required().most(40)
class Make {
 public:
  Make(std::string name, const Type* type) {
    field_.name = std::move(name);
    field_.type = type;
    const Attributes takes = type->attributes();
    if (takes.bounds) between(takes.bounds->low, takes.bounds->high);
    field_.digits = takes.digits.value_or(0);
    if (takes.personal == Attributes::Personal::always) personal();
  }
  explicit Make(Field field) : field_(std::move(field)) {}
  Make& required() {
    field_.required = true;
    return *this;
  }
  Make& between(std::int64_t low, std::int64_t high) {
    field_.low = low;
    field_.high = high;
    return *this;
  }
  Make& most(std::int64_t high) { return between(field_.low, high); }
  Make& personal() {
    field_.sensitivity = Sensitivity::personal;
    return *this;
  }
  Make& options(std::initializer_list<std::string_view> values) {
    for (const std::string_view value : values)
      field_.options.push_back({std::string(value), {std::string(value), std::string(value)}});
    return *this;
  }
  Make& titled(std::string zh, std::string en) {
    field_.title = {std::move(zh), std::move(en)};
    return *this;
  }
  /// One more of its choices, with what it is called.
  Make& option(std::string value, std::string zh, std::string en) {
    field_.options.push_back({std::move(value), {std::move(zh), std::move(en)}});
    return *this;
  }
  /// What it means, for who reads the description of the API.
  Make& means(std::string text) {
    field_.help.en = std::move(text);
    return *this;
  }
  operator Field() const { return field_; }  // NOLINT(google-explicit-constructor): reads as a declaration

 private:
  Field field_;
};

}  // namespace qipan::fields
