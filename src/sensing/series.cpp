#include "sensing/series.hpp"

#include <algorithm>
#include <iterator>

namespace qipan::sensing {

namespace {

constexpr char block_magic = 'O';
/// Times are mostly whole seconds or milliseconds; the unit is chosen once a series.
constexpr std::int64_t units[] = {1, 1'000, 1'000'000};

std::uint64_t unit_of(std::span<const Sample> samples) {
  for (std::uint64_t unit = 2; unit > 0; --unit) {
    if (std::all_of(samples.begin(), samples.end(),
                    [&](const Sample& sample) { return sample.time % units[unit] == 0; }))
      return unit;
  }
  return 0;
}

void write_samples(Encoder& encoder, std::span<const Sample> samples) {
  encoder.number(samples.size());
  if (samples.empty()) return;
  const std::uint64_t unit = unit_of(samples);
  encoder.number(unit);
  std::int64_t before = 0;
  std::int64_t step = 0;
  for (const Sample& sample : samples) {
    const std::int64_t time = sample.time / units[unit];
    encoder.signed_number(time - before - step);
    step = before == 0 ? 0 : time - before;
    before = time;
  }
  std::int64_t value = 0;
  for (const Sample& sample : samples) {
    encoder.signed_number(sample.value - value);
    value = sample.value;
  }
  // Flags as runs: nearly always one.
  for (std::size_t i = 0; i < samples.size();) {
    std::size_t end = i;
    while (end < samples.size() && samples[end].flags == samples[i].flags) ++end;
    encoder.number(end - i);
    encoder.number(samples[i].flags);
    i = end;
  }
}

bool read_samples(Decoder& decoder, std::vector<Sample>& samples, std::size_t most) {
  const std::uint64_t count = decoder.number();
  samples.clear();
  if (!decoder.ok() || count > most || count > decoder.left()) return false;
  if (count == 0) return true;
  const std::uint64_t unit = decoder.number();
  if (unit > 2) return false;
  samples.resize(count);
  std::int64_t before = 0;
  std::int64_t step = 0;
  for (Sample& sample : samples) {
    std::int64_t time = 0;
    std::int64_t whole = 0;
    if (__builtin_add_overflow(decoder.signed_number(), before, &time) ||
        __builtin_add_overflow(time, step, &time) || __builtin_mul_overflow(time, units[unit], &whole) ||
        whole < instant_min || whole > instant_max)
      return false;
    sample.time = whole;
    step = before == 0 ? 0 : time - before;
    before = time;
  }
  std::int64_t value = 0;
  for (Sample& sample : samples) {
    if (__builtin_add_overflow(value, decoder.signed_number(), &value) || value > value_max ||
        value < -value_max)
      return false;
    sample.value = value;
  }
  for (std::size_t i = 0; i < samples.size();) {
    const std::uint64_t run = decoder.number();
    const std::uint64_t flags = decoder.number();
    if (!decoder.ok() || run == 0 || run > samples.size() - i || flags > 255) return false;
    for (std::uint64_t k = 0; k < run; ++k) samples[i++].flags = static_cast<std::uint8_t>(flags);
  }
  return decoder.ok();
}

tl::unexpected<Problem> broken(const std::string& what) {
  return invalid("observations-broken", what, "", "bytes as this program writes them",
                 "restore the district from a backup");
}

constexpr std::string_view quality_names[] = {"good",        "out-of-range", "implausible", "doubtful",
                                              "calibration", "maintenance",  "fault",       "outage"};

}  // namespace

std::string_view quality_name(std::uint8_t flags) {
  return flags < std::size(quality_names) ? quality_names[flags] : "doubtful";
}

std::optional<Quality> quality_of(std::string_view name) {
  const auto* const found = std::find(std::begin(quality_names), std::end(quality_names), name);
  if (found == std::end(quality_names)) return std::nullopt;
  return static_cast<Quality>(found - std::begin(quality_names));
}

Bytes encode_block(std::span<const Series> series) {
  std::vector<SeriesView> views;
  views.reserve(series.size());
  for (const Series& one : series) views.push_back({one.stream, one.samples});
  return encode_block(views);
}

Bytes encode_block(std::span<const SeriesView> series) {
  Encoder encoder;
  encoder.raw({&block_magic, 1});
  encoder.number(series.size());
  for (const SeriesView& one : series) {
    encoder.number(static_cast<std::uint64_t>(one.stream.value));
    write_samples(encoder, one.samples);
  }
  return encoder.take();
}

Result<void> each_in_block(
    std::string_view bytes,
    const std::function<void(StreamId stream, std::span<const Sample> samples)>& show) {
  Decoder decoder(bytes);
  if (decoder.raw(1) != std::string_view(&block_magic, 1)) return broken("block");
  const std::uint64_t count = decoder.number();
  if (!decoder.ok() || count > samples_a_block_max || count > decoder.left()) return broken("block");
  std::vector<Sample> samples;
  std::size_t left = samples_a_block_max;
  for (std::uint64_t i = 0; i < count; ++i) {
    const StreamId stream{static_cast<std::int64_t>(decoder.number())};
    if (stream.value <= 0 || !read_samples(decoder, samples, left)) return broken("block");
    left -= samples.size();
    show(stream, samples);
  }
  if (!decoder.done()) return broken("block");
  return {};
}

Result<std::vector<Series>> decode_block(std::string_view bytes) {
  std::vector<Series> series;
  QIPAN_CHECK(each_in_block(bytes, [&](StreamId stream, std::span<const Sample> samples) {
    series.push_back({stream, {samples.begin(), samples.end()}});
  }));
  return series;
}

Bytes encode_samples(std::span<const Sample> samples) {
  Encoder encoder;
  write_samples(encoder, samples);
  return encoder.take();
}

Result<std::vector<Sample>> decode_samples(std::string_view bytes) {
  Decoder decoder(bytes);
  std::vector<Sample> samples;
  if (!read_samples(decoder, samples, samples_a_block_max) || !decoder.done()) return broken("chunk");
  return samples;
}

}  // namespace qipan::sensing
