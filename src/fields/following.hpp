#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/expression.hpp"
#include "fields/field.hpp"

// Values through references in FEEL: `firm.level` is the level of what the reference `firm` names. Written
// without a point, the reference itself is meant, which is a text.

namespace qipan::fields {

/// What a text names through a reference: the field, and what of it.
struct Followed {
  std::string reference;
  std::string member;
  bool operator==(const Followed&) const = default;
};

/// Of the references among the fields, each once, in the order of the text. What stands in quotes is text.
[[nodiscard]] std::vector<Followed> followed_in(std::string_view text, const std::vector<Field>& fields);

/// What a subject says now, as a FEEL context by name; null where there is none.
using Follow = std::function<expr::Value(std::string_view subject)>;

/// A FEEL text over the fields of something and, through its references, of others.
class Feel {
 public:
  Feel() = default;
  explicit Feel(std::string text) : text_(std::move(text)) {}

  /// `names` holds the fields by their names among others. Refused as Expression::parse().
  [[nodiscard]] Result<void> compile(const std::vector<expr::Name>& names, const std::vector<Field>& fields,
                                     expr::Type::Kind expected);
  /// Values in the order of the names; where a reference is followed, what it names stands there. Null where
  /// the text could not be compiled.
  [[nodiscard]] expr::Value evaluate(const std::vector<expr::Value>& values, const Follow& follow) const;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool compiled() const { return compiled_ != nullptr; }
  /// Whether it asks what time or day it is.
  [[nodiscard]] bool names_clock() const;
  [[nodiscard]] const std::vector<Followed>& followed() const { return followed_; }

 private:
  std::string text_;
  std::shared_ptr<const expr::Expression> compiled_;
  std::vector<Followed> followed_;
  std::vector<std::size_t> places_;  // of the followed references among the names, each once
};

}  // namespace qipan::fields
