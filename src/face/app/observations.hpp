#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace qipan::face {

/// Reads the JSON of POST /api/v1/observations, in the shape of the data array extension of SensorThings 1.1:
///   [{"Datastream": {"@iot.id": 12}, "components": ["phenomenonTime", "result"],
///     "dataArray": [["2026-03-02T10:00:00+08:00", 12.5], …]}, …]
/// into the block of a command. A datastream may also be named by {"code": "aq-jn-no2"}, which `id_of` looks
/// up. Without components, these two. At most 20,000 values. Numbers are taken as their digits have them.
[[nodiscard]] Result<Bytes> read_observations(
    std::string_view json, const std::function<std::optional<std::int64_t>(std::string_view)>& id_of);

}  // namespace qipan::face
