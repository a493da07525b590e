#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "sensing/series.hpp"

namespace qipan::sensing {

/// A decimal number as its digits have it: mantissa × 10^exponent, exactly, or nearly where `exact` is false.
struct Number {
  std::int64_t mantissa = 0;
  int exponent = 0;
  bool exact = true;
};

/// Reads the digits of a JSON number. Over 18 digits the rest is rounded away.
[[nodiscard]] std::optional<Number> parse_number(std::string_view text);

/// In steps of 10^-decimals, half to even; nothing when it is over value_max. `rounded` is set when digits
/// were lost.
[[nodiscard]] std::optional<std::int64_t> to_steps(const Number& number, int decimals, bool& rounded);

/// The digits of a value in steps.
[[nodiscard]] std::string steps_text(std::int64_t value, int decimals);

/// One value as it was sent, before anybody looked at its stream.
struct IncomingValue {
  enum class Kind { number, text, boolean };
  std::optional<Instant> time;  // none: when it arrives
  Kind kind = Kind::number;
  Number number;
  bool boolean = false;
  Quality quality = good;  // what its sender says of it
  std::string_view text;   // lies in the block that it was read from
};

struct IncomingSeries {
  StreamId stream;
  std::span<const IncomingValue> values;  // of the block that was read
};

/// One after the other, as they were sent; a stream may come twice.
struct IncomingBlock {
  std::vector<IncomingValue> values;
  std::vector<IncomingSeries> series;
};

/// Writes what arrives at an edge into one block for Command::block, so that nothing is parsed twice.
class Incoming {
 public:
  /// The values that follow are of this stream.
  void stream(std::int64_t id);
  void number(std::optional<Instant> time, const Number& number, Quality quality = good);
  void text(std::optional<Instant> time, std::string_view text, Quality quality = good);
  void boolean(std::optional<Instant> time, bool value, Quality quality = good);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] Bytes take() { return encoder_.take(); }

 private:
  void head(int kind, std::optional<Instant> time, Quality quality);
  Encoder encoder_;
  Instant before_ = 0;
  std::size_t count_ = 0;
};

inline constexpr std::size_t category_bytes_max = 120;

[[nodiscard]] Result<IncomingBlock> read_incoming(std::string_view block);

/// A result of the JSON API as an incoming value: number, text or boolean.
[[nodiscard]] Result<void> add_result(Incoming& incoming, std::optional<Instant> time, const Json& result,
                                      Quality quality = good);
/// A mark that no quality has the name of.
[[nodiscard]] Problem quality_unknown(std::string field, std::string_view mark);

}  // namespace qipan::sensing
