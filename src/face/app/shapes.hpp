#pragma once

#include "face/app/shape.hpp"

/// What several answers of the app API have in common, as case_json.hpp and the like make it.
namespace qipan::face::shape {

/// {"zh", "en"}.
[[nodiscard]] Json title();
/// An object that says so with `title_zh` and `title_en`.
[[nodiscard]] Json titled(std::initializer_list<std::pair<std::string_view, Json>> members);
/// Who did something.
[[nodiscard]] Json actor();
/// A line of a history.
[[nodiscard]] Json fact(Json body);
/// An organisation.
[[nodiscard]] Json party();
/// A unit with its titles; null for none.
[[nodiscard]] Json unit();
/// The JSON Schema of one field, as src/fields makes it, and that of a form: by their names in the
/// description, which has them once (named_shapes()).
[[nodiscard]] Json field();
[[nodiscard]] Json form();
/// What the description names, by name.
[[nodiscard]] Json named_shapes();
/// A case as lists have it.
[[nodiscard]] Json case_row();
/// What is wrong with a file of a pack.
[[nodiscard]] Json pack_problems();

}  // namespace qipan::face::shape
