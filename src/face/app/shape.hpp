#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/json.hpp"

/// JSON Schemas (2020-12) of what the API answers, said beside what makes it. Objects have the members named
/// and no others; a name that ends in a question mark may be left out. Tests hold recorded answers against
/// them.
namespace qipan::face::shape {

[[nodiscard]] Json text();
[[nodiscard]] Json integer();
[[nodiscard]] Json number();
[[nodiscard]] Json truth();
[[nodiscard]] Json any();
/// RFC 3339.
[[nodiscard]] Json instant();
[[nodiscard]] Json one_of(std::initializer_list<std::string_view> values);
[[nodiscard]] Json nullable(Json schema);
[[nodiscard]] Json list(Json items);
/// By names that nobody knows beforehand.
[[nodiscard]] Json map(Json values);
[[nodiscard]] Json object(std::initializer_list<std::pair<std::string_view, Json>> members);
/// The schema with more members.
[[nodiscard]] Json with(Json object, std::initializer_list<std::pair<std::string_view, Json>> members);
/// A named one of the description.
[[nodiscard]] Json named(std::string_view name);
/// {"items": […]}
[[nodiscard]] Json items(Json item);
/// The same by pages: `next` is the key of the page that follows, null on the last.
[[nodiscard]] Json page(Json item);
/// {"zh": …, "en": …}
[[nodiscard]] Json title();

}  // namespace qipan::face::shape
