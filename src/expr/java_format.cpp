#include "expr/java_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "expr/characters.hpp"

namespace qipan::expr {

namespace {

constexpr int width_max = 1'000;
constexpr std::size_t text_max = 1 << 20;
constexpr std::string_view flags = "-+ 0,";

/// `%[index$][flags][width][.precision]conversion`.
struct Specifier {
  std::size_t index = 0;  // from 1; 0 for the next argument
  std::string_view flags;
  int width = 0;
  int precision = -1;
  char conversion = 0;

  [[nodiscard]] bool has(char flag) const { return flags.find(flag) != std::string_view::npos; }
};

/// A number at the front, which is taken away; nothing where there is none or it is too large.
std::optional<int> take_number(std::string_view& rest) {
  int value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || value < 0 || value > width_max) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return value;
}

bool digit_first(std::string_view rest) {
  return !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
}

/// Reads what stands behind a per cent sign and takes it away.
std::optional<Specifier> take_specifier(std::string_view& rest) {
  Specifier made;
  if (const std::size_t dollar = rest.find_first_not_of("0123456789");
      dollar != std::string_view::npos && dollar > 0 && rest[dollar] == '$') {
    const auto index = take_number(rest);
    if (!index || *index == 0) return std::nullopt;
    made.index = static_cast<std::size_t>(*index);
    rest.remove_prefix(1);
  }
  const std::size_t flags_end = std::min(rest.find_first_not_of(flags), rest.size());
  made.flags = rest.substr(0, flags_end);
  rest.remove_prefix(flags_end);
  if (digit_first(rest)) {
    const auto width = take_number(rest);
    if (!width) return std::nullopt;
    made.width = *width;
  }
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const auto precision = digit_first(rest) ? take_number(rest) : std::nullopt;
    if (!precision) return std::nullopt;
    made.precision = *precision;
  }
  if (rest.empty()) return std::nullopt;
  made.conversion = rest.front();
  rest.remove_prefix(1);
  return made;
}

/// Whether Java takes these flags with this conversion; it throws at the others.
bool fits_together(const Specifier& wanted) {
  for (const char flag : wanted.flags)
    if (std::count(wanted.flags.begin(), wanted.flags.end(), flag) > 1) return false;
  const bool number = wanted.conversion == 'd' || wanted.conversion == 'f';
  if (!number && wanted.flags.find_first_of("+ 0,") != std::string_view::npos) return false;
  if (wanted.conversion == 'n') return wanted.flags.empty() && wanted.width == 0 && wanted.precision < 0;
  if ((wanted.has('-') || wanted.has('0')) && wanted.width == 0) return false;
  return !(wanted.has('-') && wanted.has('0')) && !(wanted.has('+') && wanted.has(' '));
}

std::string grouped(std::string digits) {
  constexpr std::size_t group = 3;
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t at = whole; at > group;) {
    at -= group;
    digits.insert(at, 1, ',');
  }
  return digits;
}

/// The number with that many places, halves away from zero, as Java rounds when it writes.
std::optional<std::string> digits_of(const Decimal& number, int places) {
  const auto rounded = number.rounded(places, Decimal::Rounding::half_up);
  if (!rounded) return std::nullopt;
  std::string digits = rounded->absolute().text();
  if (places == 0) return digits;
  std::size_t point = digits.find('.');
  if (point == std::string::npos) {
    point = digits.size();
    digits += '.';
  }
  digits.append(static_cast<std::size_t>(places) - (digits.size() - point - 1), '0');
  return digits;
}

std::optional<std::string> number_text(const Specifier& wanted, const Value& value) {
  if (value.is_null()) return "null";
  if (value.number() == nullptr) return std::nullopt;
  const Decimal& number = *value.number();
  const bool whole = wanted.conversion == 'd';
  if (whole && (!number.is_whole() || wanted.precision >= 0)) return std::nullopt;
  constexpr int usual_places = 6;
  auto digits = digits_of(number, whole ? 0 : wanted.precision < 0 ? usual_places : wanted.precision);
  if (!digits) return std::nullopt;
  if (wanted.has(',')) digits = grouped(std::move(*digits));
  std::string sign;
  if (number.is_negative()) {
    sign = "-";
  } else if (wanted.has('+')) {
    sign = "+";
  } else if (wanted.has(' ')) {
    sign = " ";
  }
  const std::size_t length = sign.size() + digits->size();
  if (wanted.has('0') && length < static_cast<std::size_t>(wanted.width))
    digits->insert(0, static_cast<std::size_t>(wanted.width) - length, '0');
  return sign + *digits;
}

std::optional<std::string> converted(const Specifier& wanted, const Value& value,
                                     const std::function<bool(std::size_t bytes)>& pay) {
  switch (wanted.conversion) {
    case 's': {
      const std::string text = text_of(value);
      if (!pay(text.size())) return std::nullopt;
      return wanted.precision < 0 ? text : text.substr(0, byte_of(text, wanted.precision));
    }
    case 'b':
      return value.is_null() || (value.boolean() != nullptr && !value.is_true()) ? "false" : "true";
    case 'c':
      if (value.text() == nullptr || code_points(*value.text()) != 1) return std::nullopt;
      return *value.text();
    case 'd':
    case 'f':
      return number_text(wanted, value);
    default:
      return std::nullopt;
  }
}

template <class T>
std::string shortest(T value) {
  std::array<char, 64> text;
  const T size = std::fabs(value);
  constexpr T least = T(1e-3);
  constexpr T most = T(1e7);
  const bool plain = value == 0 || (size >= least && size < most);
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  std::string digits(text.data(), end);
  if (plain) return digits.find('.') == std::string::npos ? digits + ".0" : digits;
  const std::size_t at = digits.find('e');
  std::string head = digits.substr(0, at);
  if (head.find('.') == std::string::npos) head += ".0";
  const std::string_view tail = std::string_view(digits).substr(at + 1);
  const std::size_t first = std::min(tail.find_first_not_of("+-0"), tail.size() - 1);
  return head + "E" + (tail.starts_with('-') ? "-" : "") + std::string(tail.substr(first));
}

}  // namespace

std::optional<std::string> java_format(std::string_view format, std::span<const Value> given,
                                       const std::function<bool(std::size_t bytes)>& pay) {
  std::string made;
  std::size_t next = 0;
  while (!format.empty()) {
    const std::size_t percent = std::min(format.find('%'), format.size());
    made += format.substr(0, percent);
    format.remove_prefix(percent);
    if (format.empty()) break;
    format.remove_prefix(1);
    const auto wanted = take_specifier(format);
    if (!wanted || !fits_together(*wanted) || made.size() > text_max) return std::nullopt;
    std::optional<std::string> text;
    if (wanted->conversion == 'n') {
      text = "\n";
    } else if (wanted->conversion == '%') {
      text = "%";
    } else {
      const std::size_t at = wanted->index > 0 ? wanted->index - 1 : next++;
      if (at >= given.size()) return std::nullopt;
      text = converted(*wanted, given[at], pay);
    }
    if (!text) return std::nullopt;
    const auto length = static_cast<std::size_t>(code_points(*text));
    const std::size_t blanks =
        static_cast<std::size_t>(wanted->width) - std::min(length, static_cast<std::size_t>(wanted->width));
    made += wanted->has('-') ? *text + std::string(blanks, ' ') : std::string(blanks, ' ') + *text;
  }
  return made;
}

std::string java_text(double value) {
  return shortest(value);
}

std::string java_text(float value) {
  return shortest(value);
}

}  // namespace qipan::expr
