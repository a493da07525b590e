#pragma once

#include "base/json.hpp"
#include "fields/field.hpp"

namespace qipan::fields {

/// A field as it stands in facts and answers, and back: what to_json() wrote is always read.
[[nodiscard]] Json to_json(const Field& field);
[[nodiscard]] Field from_json(const Json& json);

}  // namespace qipan::fields
