#pragma once

#include "fields/type.hpp"

namespace qipan::fields::types {

/// Free text, bounded in characters.
class PlainText final : public Type {
 public:
  PlainText(std::string_view name, Attributes::Bounds bounds, bool lines)
      : Type(name), bounds_(bounds), lines_(lines) {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = bounds_, .key = true, .personal = Attributes::Personal::may};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override;
  void describe(const Field& field, Json& schema) const override;

 private:
  Attributes::Bounds bounds_;
  bool lines_;
};

}  // namespace qipan::fields::types
