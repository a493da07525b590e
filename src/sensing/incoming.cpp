#include "sensing/incoming.hpp"

#include <charconv>

namespace qipan::sensing {

namespace {

constexpr int digits_max = 18;
constexpr int exponent_max = 40;
/// First byte of each piece of a block.
enum Piece : std::uint8_t {
  stream_piece = 1,
  number_piece = 2,
  text_piece = 3,
  boolean_piece = 4,
  timeless = 8,
  marked = 16
};

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

tl::unexpected<Problem> broken() {
  return invalid("observations-unreadable", "", "", "observations as the API writes them");
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  Number number;
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++i;
  int digits = 0;
  bool point = false;
  bool any = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point && any) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (digits >= digits_max) {
      number.exact = number.exact && c == '0';
      if (!point) ++number.exponent;
      continue;
    }
    number.mantissa = number.mantissa * 10 + (c - '0');
    if (number.mantissa != 0) ++digits;
    if (point) --number.exponent;
  }
  if (!any) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int exponent = 0;
    const auto [stop, code] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    if (code != std::errc() || stop != text.data() + text.size() || exponent < -400 || exponent > 400)
      return std::nullopt;
    number.exponent += exponent;
  }
  if (negative) number.mantissa = -number.mantissa;
  return number;
}

std::optional<std::int64_t> to_steps(const Number& number, int decimals, bool& rounded) {
  if (number.mantissa == 0) return 0;
  rounded = rounded || !number.exact;
  const int shift = number.exponent + decimals;
  std::int64_t value = number.mantissa;
  if (shift >= 0) {
    if (shift > digits_max || __builtin_mul_overflow(value, power_of_ten(shift), &value)) return std::nullopt;
  } else if (shift < -digits_max) {
    rounded = true;
    value = 0;
  } else {
    const std::int64_t power = power_of_ten(-shift);
    std::int64_t whole = value / power;
    const std::int64_t rest = value % power;
    if (rest != 0) {
      rounded = true;
      const std::int64_t twice = (rest < 0 ? -rest : rest) - (power - (rest < 0 ? -rest : rest));
      if (twice > 0 || (twice == 0 && whole % 2 != 0)) whole += rest < 0 ? -1 : 1;
    }
    value = whole;
  }
  if (value > value_max || value < -value_max) return std::nullopt;
  return value;
}

std::string steps_text(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) {
    digits.insert(digits.size() - places, ".");
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return value < 0 ? "-" + digits : digits;
}

void Incoming::stream(std::int64_t id) {
  encoder_.number(stream_piece);
  encoder_.signed_number(id);
}

void Incoming::head(int kind, std::optional<Instant> time, Quality quality) {
  encoder_.number(static_cast<std::uint64_t>(kind) | (time ? 0U : std::uint64_t{timeless}) |
                  (quality == good ? 0U : std::uint64_t{marked}));
  if (quality != good) encoder_.number(quality);
  if (time) {
    encoder_.signed_number(*time - before_);
    before_ = *time;
  }
  ++count_;
}

void Incoming::number(std::optional<Instant> time, const Number& number, Quality quality) {
  head(number_piece, time, quality);
  encoder_.signed_number(number.mantissa);
  encoder_.signed_number(number.exponent * 2 + (number.exact ? 0 : 1));
}

void Incoming::text(std::optional<Instant> time, std::string_view text, Quality quality) {
  head(text_piece, time, quality);
  encoder_.text(text);
}

void Incoming::boolean(std::optional<Instant> time, bool value, Quality quality) {
  head(boolean_piece, time, quality);
  encoder_.number(value ? 1 : 0);
}

namespace {

Result<IncomingValue> read_value(Decoder& decoder, std::uint64_t piece, Instant& before) {
  IncomingValue value;
  if ((piece & marked) != 0) {
    const std::uint64_t quality = decoder.number();
    if (quality == good || quality > outage) return broken();
    value.quality = static_cast<Quality>(quality);
  }
  if ((piece & timeless) == 0) {
    Instant time = 0;
    if (__builtin_add_overflow(before, decoder.signed_number(), &time) || time < instant_min ||
        time > instant_max)
      return broken();
    value.time = before = time;
  }
  switch (piece & ~std::uint64_t{timeless | marked}) {
    case number_piece: {
      value.number.mantissa = decoder.signed_number();
      const std::int64_t exponent = decoder.signed_number();
      if (exponent > 2 * exponent_max * 20 || exponent < -2 * exponent_max * 20) return broken();
      value.number.exact = exponent % 2 == 0;
      value.number.exponent = static_cast<int>((exponent - (value.number.exact ? 0 : 1)) / 2);
      return value;
    }
    case text_piece:
      value.kind = IncomingValue::Kind::text;
      value.text = decoder.text(category_bytes_max);
      return value;
    case boolean_piece:
      value.kind = IncomingValue::Kind::boolean;
      value.boolean = decoder.number() == 1;
      return value;
    default:
      return broken();
  }
}

}  // namespace

Result<IncomingBlock> read_incoming(std::string_view block) {
  Decoder decoder(block);
  IncomingBlock incoming;
  // Where each series begins among the values, which move while they grow.
  std::vector<std::size_t> begins;
  Instant before = 0;
  while (decoder.left() > 0) {
    const std::uint64_t piece = decoder.number();
    if (piece == stream_piece) {
      incoming.series.push_back({{decoder.signed_number()}, {}});
      begins.push_back(incoming.values.size());
    } else {
      if (begins.empty() || incoming.values.size() >= samples_a_block_max) return broken();
      QIPAN_TRY(value, read_value(decoder, piece, before));
      incoming.values.push_back(value);
    }
    if (!decoder.ok()) return broken();
  }
  begins.push_back(incoming.values.size());
  for (std::size_t i = 0; i < incoming.series.size(); ++i)
    incoming.series[i].values = std::span(incoming.values).subspan(begins[i], begins[i + 1] - begins[i]);
  return incoming;
}

Problem quality_unknown(std::string field, std::string_view mark) {
  return {Problem::Kind::invalid,
          "quality-unknown",
          std::move(field),
          shortened(mark),
          "good, out-of-range, implausible, doubtful, calibration, maintenance, fault or outage",
          "translate the sender's marks"};
}

Result<void> add_result(Incoming& incoming, std::optional<Instant> time, const Json& result,
                        Quality quality) {
  if (result.is_bool()) {
    incoming.boolean(time, result.boolean(), quality);
  } else if (result.is_text()) {
    if (result.text().size() > category_bytes_max)
      return invalid("result-unfit", "result", result.text(), "a text of at most 120 bytes");
    incoming.text(time, result.text(), quality);
  } else if (const auto number = result.is_number() ? parse_number(result.number_text()) : std::nullopt) {
    incoming.number(time, *number, quality);
  } else {
    return invalid("result-unfit", "result", result.dump(), "a number, a text or a boolean",
                   "leave out what was not measured");
  }
  return {};
}

}  // namespace qipan::sensing
