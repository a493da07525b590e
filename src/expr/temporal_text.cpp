#include <fmt/format.h>

#include <charconv>

#include "expr/temporal.hpp"

namespace qipan::expr {

namespace {

/// Takes a text from the left; every step says whether it found what it wanted.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const { return text_; }
  [[nodiscard]] bool at(char c) const { return !text_.empty() && text_.front() == c; }
  bool skip(char c) {
    if (!at(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// Between `least` and `most` digits.
  std::optional<std::int64_t> digits(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < text_.size() && text_[size] >= '0' && text_[size] <= '9') ++size;
    if (size < least || size > most) return std::nullopt;
    std::int64_t value = 0;
    const auto [stop, code] = std::from_chars(text_.data(), text_.data() + size, value);
    if (code != std::errc() || stop != text_.data() + size) return std::nullopt;
    text_.remove_prefix(size);
    return value;
  }

  /// Nanoseconds of a fraction, whose point was taken; XML Schema bounds no digits, and those beyond the
  /// ninth are cut.
  std::optional<std::int64_t> fraction(std::size_t least = 1) {
    constexpr std::size_t places = 9;
    std::size_t size = 0;
    std::int64_t value = 0;
    while (size < text_.size() && text_[size] >= '0' && text_[size] <= '9') {
      if (size < places) value = value * 10 + (text_[size] - '0');
      ++size;
    }
    if (size < least) return std::nullopt;
    for (std::size_t i = size; i < places; ++i) value *= 10;
    text_.remove_prefix(size);
    return value;
  }

 private:
  std::string_view text_;
};

std::optional<std::int64_t> read_year(Reader& reader) {
  constexpr std::size_t digits_max = 9;
  const bool negative = reader.skip('-');
  const bool padded = reader.at('0');
  const std::size_t before = reader.rest().size();
  const auto year = reader.digits(4, digits_max);
  if (!year || (padded && before - reader.rest().size() > 4)) return std::nullopt;
  return negative ? -*year : *year;
}

std::optional<Date> read_date(Reader& reader) {
  const auto year = read_year(reader);
  if (!year || !reader.skip('-')) return std::nullopt;
  const auto month = reader.digits(2, 2);
  if (!month || !reader.skip('-')) return std::nullopt;
  const auto day = reader.digits(2, 2);
  if (!day) return std::nullopt;
  const Civil civil{*year, static_cast<int>(*month), static_cast<int>(*day)};
  if (!exists(civil)) return std::nullopt;
  return Date{days_of(civil)};
}

std::optional<Zone> read_zone(Reader& reader) {
  if (reader.done()) return Zone();
  if (reader.skip('@')) return Zone::of_name(reader.rest());
  if (reader.skip('Z')) return reader.done() ? Zone::of_offset(0) : std::nullopt;
  const bool negative = reader.at('-');
  if (!reader.skip('-') && !reader.skip('+')) return std::nullopt;
  const auto hours = reader.digits(2, 2);
  if (!hours || !reader.skip(':')) return std::nullopt;
  const auto minutes = reader.digits(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  std::int64_t seconds = 0;
  if (reader.skip(':')) {
    const auto given = reader.digits(2, 2);
    if (!given || *given > 59) return std::nullopt;
    seconds = *given;
  }
  if (!reader.done()) return std::nullopt;
  const std::int64_t offset = *hours * 3600 + *minutes * 60 + seconds;
  return Zone::of_offset(negative ? -offset : offset);
}

/// 24:00:00 is the end of the day (XML Schema, 3.3.7): a day's nanoseconds, which the caller carries over.
std::optional<Time> read_time(Reader& reader) {
  const auto hour = reader.digits(2, 2);
  if (!hour || !reader.skip(':')) return std::nullopt;
  const auto minute = reader.digits(2, 2);
  if (!minute || !reader.skip(':')) return std::nullopt;
  const auto second = reader.digits(2, 2);
  if (!second || *hour > 24 || *minute > 59 || *second > 59) return std::nullopt;
  std::int64_t fraction = 0;
  if (reader.skip('.')) {
    const auto given = reader.fraction();
    if (!given) return std::nullopt;
    fraction = *given;
  }
  const auto zone = read_zone(reader);
  const std::int64_t nanoseconds =
      (*hour * 3600 + *minute * 60 + *second) * nanoseconds_per_second + fraction;
  if (!zone || nanoseconds > nanoseconds_per_day) return std::nullopt;
  return Time{nanoseconds, *zone};
}

std::string clock_text(std::int64_t nanoseconds) {
  const std::int64_t seconds = nanoseconds / nanoseconds_per_second;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = nanoseconds % nanoseconds_per_second; fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  return reader.done() ? date : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text) {
  Reader reader(text);
  reader.skip('T');
  auto time = read_time(reader);
  if (time) time->nanoseconds %= nanoseconds_per_day;
  return time;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  if (reader.done()) return midnight_of(*date);
  if (!reader.skip('T')) return std::nullopt;
  const auto time = read_time(reader);
  if (!time) return std::nullopt;
  if (time->nanoseconds < nanoseconds_per_day) return DateTime{date->days, time->nanoseconds, time->zone};
  const std::int64_t next = date->days + 1;
  return exists(civil_of(next)) ? std::optional(DateTime{next, 0, time->zone}) : std::nullopt;
}

std::optional<YearsMonths> parse_years_months(std::string_view text) {
  constexpr std::size_t digits_max = 11;
  Reader reader(text);
  const bool negative = reader.skip('-');
  if (!reader.skip('P') || reader.done()) return std::nullopt;
  std::int64_t months = 0;
  bool years_done = false;
  while (!reader.done()) {
    const auto number = reader.digits(1, digits_max);
    if (!number) return std::nullopt;
    if (!years_done && reader.skip('Y')) {
      months += *number * 12;
      years_done = true;
    } else if (reader.skip('M') && reader.done()) {
      months += *number;
    } else {
      return std::nullopt;
    }
  }
  return YearsMonths{negative ? -months : months};
}

std::optional<DaysTime> parse_days_time(std::string_view text) {
  constexpr std::size_t digits_max = 18;
  Reader reader(text);
  const bool negative = reader.skip('-');
  if (!reader.skip('P') || reader.done()) return std::nullopt;
  Wide total = 0;
  if (!reader.at('T')) {
    const auto days = reader.digits(1, digits_max);
    if (!days || !reader.skip('D')) return std::nullopt;
    total += Wide{*days} * nanoseconds_per_day;
  }
  if (reader.skip('T')) {
    if (reader.done()) return std::nullopt;
    std::string_view units = "HMS";
    while (!reader.done()) {
      const auto number = reader.digits(1, digits_max);
      if (!number) return std::nullopt;
      if (reader.skip('.')) {
        const auto fraction = reader.fraction(0);
        if (!fraction || !reader.at('S')) return std::nullopt;
        total += *fraction;
      }
      const auto unit = reader.done() ? std::string_view::npos : units.find(reader.rest().front());
      if (unit == std::string_view::npos) return std::nullopt;
      const std::int64_t size = reader.at('H') ? 3600 : (reader.at('M') ? 60 : 1);
      total += Wide{*number} * size * nanoseconds_per_second;
      reader.skip(units[unit]);
      units.remove_prefix(unit + 1);
    }
  }
  if (!reader.done()) return std::nullopt;
  return DaysTime::of(negative ? -total : total);
}

std::string text_of(const Date& value) {
  const Civil civil = civil_of(value.days);
  const std::int64_t size = civil.year < 0 ? -civil.year : civil.year;
  return fmt::format("{}{:04}-{:02}-{:02}", civil.year < 0 ? "-" : "", size, civil.month, civil.day);
}

std::string text_of(const Time& value) {
  return clock_text(value.nanoseconds) + value.zone.suffix();
}

std::string text_of(const DateTime& value) {
  return text_of(Date{value.days}) + "T" + clock_text(value.nanoseconds) + value.zone.suffix();
}

std::string text_of(const YearsMonths& value) {
  if (value.months == 0) return "P0M";
  const std::int64_t size = value.months < 0 ? -value.months : value.months;
  std::string text = value.months < 0 ? "-P" : "P";
  if (size / 12 != 0) text += fmt::format("{}Y", size / 12);
  if (size % 12 != 0) text += fmt::format("{}M", size % 12);
  return text;
}

std::string text_of(const DaysTime& value) {
  Wide total = value.total();
  if (total == 0) return "PT0S";
  std::string text = total < 0 ? "-P" : "P";
  if (total < 0) total = -total;
  const auto seconds = static_cast<std::int64_t>(total / nanoseconds_per_second);
  const auto fraction = static_cast<std::int64_t>(total % nanoseconds_per_second);
  if (seconds / seconds_per_day != 0) text += fmt::format("{}D", seconds / seconds_per_day);
  const std::int64_t clock = seconds % seconds_per_day;
  if (clock == 0 && fraction == 0) return text;
  text += 'T';
  if (clock / 3600 != 0) text += fmt::format("{}H", clock / 3600);
  if (clock / 60 % 60 != 0) text += fmt::format("{}M", clock / 60 % 60);
  if (clock % 60 != 0 || fraction != 0) {
    text += fmt::format("{}", clock % 60);
    if (fraction != 0) {
      text += fmt::format(".{:09}", fraction);
      text.erase(text.find_last_not_of('0') + 1);
    }
    text += 'S';
  }
  return text;
}

}  // namespace qipan::expr
