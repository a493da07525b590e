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
[[nodiscard]] Json boolean();
/// One of these texts.
[[nodiscard]] Json choice(std::initializer_list<std::string_view> values);
[[nodiscard]] Json any();
/// A number, a text, true or false, or null.
[[nodiscard]] Json value();
/// An object with these members, and others that are not told here.
[[nodiscard]] Json open(Json object);
/// RFC 3339.
[[nodiscard]] Json instant();
[[nodiscard]] Json nullable(Json schema);
[[nodiscard]] Json list(Json items);
/// An object with whatever names.
[[nodiscard]] Json map(Json values);
/// {"items": […]}, and with `next`, the cursor of the next page or null.
[[nodiscard]] Json items(Json item);
[[nodiscard]] Json page(Json item);
[[nodiscard]] Json object(std::initializer_list<std::pair<std::string_view, Json>> members);
/// The schema with more members.
[[nodiscard]] Json with(Json object, std::initializer_list<std::pair<std::string_view, Json>> members);
/// A named one of the description.
[[nodiscard]] Json named(std::string_view name);

}  // namespace qipan::face::shape
