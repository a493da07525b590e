#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"

namespace qipan::sensing {

/// Why a value is no measurement of what it says; stands in Sample::flags. It is kept and shown, and counts
/// in no mean and for no alarm.
enum Quality : std::uint8_t {
  good = 0,
  out_of_range = 1,  // outside what the sensor can measure
  implausible = 2,   // too far from its neighbours, and none since has borne it out
  // What the sender says of it; the marks of HJ 212.
  doubtful = 3,
  calibration = 4,
  maintenance = 5,
  fault = 6,
  outage = 7,
};

/// As the API and files write it; nothing when no quality has the name.
[[nodiscard]] std::string_view quality_name(std::uint8_t flags);
[[nodiscard]] std::optional<Quality> quality_of(std::string_view name);

/// One value of a stream. Numbers are whole multiples of the stream's smallest step (10^-decimals), so that
/// sums are exact and the same on every machine; a category is its number in the stream's list.
struct Sample {
  Instant time = 0;  // phenomenon time
  std::int64_t value = 0;
  std::uint8_t flags = 0;
  bool operator==(const Sample&) const = default;
};

/// Whether it counts.
[[nodiscard]] inline bool is_valid(const Sample& sample) {
  return sample.flags == good;
}

struct Series {
  StreamId stream;
  std::vector<Sample> samples;
  bool operator==(const Series&) const = default;
};

/// Samples of a stream that lie somewhere else.
struct SeriesView {
  StreamId stream;
  std::span<const Sample> samples;
};

/// Largest magnitude of a value in steps: a million of them can be summed without overflow.
inline constexpr std::int64_t value_max = 1'000'000'000'000;
inline constexpr std::size_t samples_a_block_max = 20'000;

/// The body of an observation fact: series by series, each as columns of differences. Hourly whole numbers
/// take two to three bytes a value.
[[nodiscard]] Bytes encode_block(std::span<const SeriesView> series);
[[nodiscard]] Bytes encode_block(std::span<const Series> series);
/// Shows the series of a block one after the other; the samples lie there only while they are shown. Refuses
/// what encode_block() would not have written, perhaps after some were shown.
[[nodiscard]] Result<void> each_in_block(
    std::string_view bytes,
    const std::function<void(StreamId stream, std::span<const Sample> samples)>& show);
/// All of them.
[[nodiscard]] Result<std::vector<Series>> decode_block(std::string_view bytes);

/// One stream's samples alone: a chunk.
[[nodiscard]] Bytes encode_samples(std::span<const Sample> samples);
[[nodiscard]] Result<std::vector<Sample>> decode_samples(std::string_view bytes);

}  // namespace qipan::sensing
