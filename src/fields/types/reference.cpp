#include <algorithm>

#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

constexpr std::size_t id_digits_max = 18;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= id_digits_max && text.front() != '0' &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Another subject, as `kind:number`, of one of the kinds that the field may name. That there is one is
/// checked by who decides.
class Reference final : public Type {
 public:
  Reference() : Type("reference") {}
  [[nodiscard]] Attributes attributes() const override { return {.to = true}; }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const std::string_view text = value.is_text() ? std::string_view(value.text()) : "";
    const auto colon = text.find(':');
    const bool known = colon != std::string_view::npos && is_id(text.substr(colon + 1)) &&
                       std::find(field.to.begin(), field.to.end(), text.substr(0, colon)) != field.to.end();
    if (known) return value;
    std::string kinds;
    for (const auto& kind : field.to) kinds += (kinds.empty() ? "" : " or ") + kind + ":NUMBER";
    return unfit(field, value, path, kinds);
  }
  void describe(const Field& field, Json& schema) const override {
    std::string kinds;
    for (const auto& kind : field.to) kinds += (kinds.empty() ? "" : "|") + kind;
    schema.set("type", "string").set("pattern", "^(" + kinds + "):[1-9][0-9]{0,17}$");
    Json to = Json::array();
    for (const auto& kind : field.to) to.push(kind);
    schema.set("x-to", std::move(to));
  }
  /// By kind, then by number.
  [[nodiscard]] std::strong_ordering compare(const Field&, const Json& left,
                                             const Json& right) const override {
    const std::string& a = left.text();
    const std::string& b = right.text();
    if (const auto kinds = a.substr(0, a.find(':')) <=> b.substr(0, b.find(':')); kinds != 0) return kinds;
    return a.size() == b.size() ? a <=> b : a.size() <=> b.size();
  }
};

}  // namespace

const Type* reference() {
  static const Reference type;
  return &type;
}

}  // namespace qipan::fields::types
