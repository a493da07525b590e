#include <algorithm>

#include "fields/types/all.hpp"
#include "fields/types/listed.hpp"

namespace qipan::fields::types {

namespace {

class Choice final : public Type {
 public:
  Choice() : Type("choice") {}
  [[nodiscard]] Attributes attributes() const override { return {.options = true}; }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    if (value.is_text() && place_among(field.options, value.text()) < field.options.size()) return value;
    return unfit(field, value, path,
                 "须为其中之一：" + listed(field.options) + " / one of " + listed(field.options));
  }
  void describe(const Field& field, Json& schema) const override {
    schema.set("type", "string");
    describe_options(field.options, schema, schema);
  }
  /// As the options are declared.
  [[nodiscard]] std::strong_ordering compare(const Field& field, const Json& left,
                                             const Json& right) const override {
    return place_among(field.options, left.text()) <=> place_among(field.options, right.text());
  }
};

}  // namespace

const Type* choice() {
  static const Choice type;
  return &type;
}

}  // namespace qipan::fields::types
