#pragma once

#include "base/json.hpp"
#include "sensing/queries.hpp"

namespace qipan::face {

/// A number in steps of 10^-decimals.
[[nodiscard]] Json steps_json(std::int64_t value, int decimals);
/// A coordinate in 1e-7 degrees as degrees; null where there is none.
[[nodiscard]] Json degrees_json(const std::optional<std::int64_t>& value);
/// A value as its stream's kind shows it. `categories` is asked only for streams of categories.
[[nodiscard]] Json result_json(const sensing::StreamRow& stream, const sensing::Sample& sample,
                               const std::vector<std::string>& categories);
[[nodiscard]] Json result_json(Database& reader, const sensing::StreamRow& stream,
                               const sensing::Sample& sample);

}  // namespace qipan::face
