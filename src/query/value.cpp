#include "query/value.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "base/assert.hpp"

namespace qipan::query {

namespace {

std::strong_ordering against_day(Instant at, Day day) {
  if (at < begin_of_day(day)) return std::strong_ordering::less;
  return at < begin_of_day(day + 1) ? std::strong_ordering::equal : std::strong_ordering::greater;
}

std::strong_ordering turned(std::strong_ordering order) {
  if (std::is_lt(order)) return std::strong_ordering::greater;
  return std::is_gt(order) ? std::strong_ordering::less : order;
}

UChar32 next_character(std::string_view text, std::size_t& at) {
  auto offset = static_cast<std::int32_t>(at);
  UChar32 character = 0;
  U8_NEXT(text.data(), offset, static_cast<std::int32_t>(text.size()), character);
  at = static_cast<std::size_t>(offset);
  return character;
}

}  // namespace

Instant begin_of_day(Day day) {
  return china_midnight(day);
}

std::optional<std::strong_ordering> order_of(const Value& left, const Value& right) {
  if (const auto* date = std::get_if<Date>(&left)) {
    if (const auto* other = std::get_if<Date>(&right)) return date->day <=> other->day;
    if (const auto* moment = std::get_if<Moment>(&right)) return turned(against_day(moment->at, date->day));
    return std::nullopt;
  }
  if (const auto* moment = std::get_if<Moment>(&left)) {
    if (const auto* other = std::get_if<Moment>(&right)) return moment->at <=> other->at;
    if (const auto* date = std::get_if<Date>(&right)) return against_day(moment->at, date->day);
    return std::nullopt;
  }
  if (left.index() != right.index()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&left)) return *text <=> std::get<std::string>(right);
  if (const auto* number = std::get_if<Decimal>(&left)) return *number <=> std::get<Decimal>(right);
  if (const auto* truth = std::get_if<bool>(&left))
    return static_cast<int>(*truth) <=> static_cast<int>(std::get<bool>(right));
  return std::nullopt;
}

Period period_of(const Value& value) {
  if (const auto* date = std::get_if<Date>(&value))
    return {begin_of_day(date->day), begin_of_day(date->day + 1) - 1, true};
  if (const auto* moment = std::get_if<Moment>(&value)) return {moment->at, moment->at};
  return std::get<Period>(value);
}

std::string folded(std::string_view text) {
  std::string result;
  icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
      .foldCase()
      .toUTF8String(result);
  return result;
}

std::string unaccented(std::string_view text) {
  UErrorCode failure = U_ZERO_ERROR;
  const icu::Normalizer2* apart = icu::Normalizer2::getNFDInstance(failure);
  const icu::Normalizer2* together = icu::Normalizer2::getNFCInstance(failure);
  QIPAN_ASSERT(U_SUCCESS(failure));
  const auto whole = apart->normalize(
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), failure);
  icu::UnicodeString bare;
  for (std::int32_t at = 0; at < whole.length(); at = whole.moveIndex32(at, 1)) {
    const UChar32 character = whole.char32At(at);
    if (u_charType(character) != U_NON_SPACING_MARK) bare.append(character);
  }
  std::string result;
  together->normalize(bare, failure).toUTF8String(result);
  QIPAN_ASSERT(U_SUCCESS(failure));
  return result;
}

bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t in_text = 0;
  std::size_t in_pattern = 0;
  // Where to go on from when what follows the last “%” does not fit: one character later.
  std::optional<std::size_t> after_any;
  std::size_t retry = 0;
  while (true) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '%') {
      after_any = ++in_pattern;
      retry = in_text;
      continue;
    }
    bool fits = false;
    if (in_pattern == pattern.size()) {
      if (in_text == text.size()) return true;
    } else if (in_text < text.size()) {
      std::size_t next = in_pattern;
      UChar32 wanted = next_character(pattern, next);
      const bool any_one = wanted == '_';
      if (wanted == '\\' && next < pattern.size()) wanted = next_character(pattern, next);
      std::size_t beyond = in_text;
      fits = next_character(text, beyond) == wanted || any_one;
      if (fits) {
        in_pattern = next;
        in_text = beyond;
      }
    }
    if (fits) continue;
    if (!after_any || retry >= text.size()) return false;
    next_character(text, retry);
    in_text = retry;
    in_pattern = *after_any;
  }
}

std::string prefix_of(std::string_view pattern) {
  std::string prefix;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '%' || pattern[at] == '_') break;
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    prefix += pattern[at];
  }
  return prefix;
}

}  // namespace qipan::query
