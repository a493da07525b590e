#pragma once

#include "base/json.hpp"
#include "expr/value.hpp"

namespace qipan::expr {

struct Type;

/// JSON as FEEL sees it: objects are contexts; text stays text, which typed inputs turn into dates.
[[nodiscard]] Value value_of(const Json& json);
/// The other way: temporal values as their text, ranges and functions as FEEL would write them.
[[nodiscard]] Json json_of(const Value& value);
/// Text into the temporal value that a typed input wants; anything else as it is.
[[nodiscard]] Value typed_value(const Value& value, const Type& type);

}  // namespace qipan::expr
