#pragma once

#include "fields/type.hpp"

namespace qipan::fields::types {

/// Texts of a fixed form, most of them with check digits.
class Coded final : public Type {
 public:
  using Fits = bool (*)(std::string_view text);
  /// `pattern` says of the form what a regular expression can say; `checked` that there is more, which a
  /// schema names as its `format`.
  Coded(std::string_view name, Fits fits, std::string_view rule, std::string_view pattern, bool checked,
        Attributes::Personal personal = Attributes::Personal::never)
      : Type(name), fits_(fits), rule_(rule), pattern_(pattern), checked_(checked), personal_(personal) {}
  [[nodiscard]] Attributes attributes() const override { return {.key = true, .personal = personal_}; }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override;
  void describe(const Field& field, Json& schema) const override;

 private:
  Fits fits_;
  std::string_view rule_;
  std::string_view pattern_;
  bool checked_;
  Attributes::Personal personal_;
};

[[nodiscard]] bool are_digits(std::string_view text);

}  // namespace qipan::fields::types
