#include <fmt/format.h>

#include "base/bytes.hpp"
#include "outbox/transport.hpp"

namespace qipan::outbox {

namespace {

constexpr std::size_t line_bytes = 76;
/// RFC 2047 allows 75 characters a word; 45 bytes in base64 and the frame around them stay below.
constexpr std::size_t word_bytes = 42;

/// "Wed, 25 Nov 2026 00:43:13 +0000" (RFC 5322 §3.3).
std::string mail_date(Instant instant) {
  static constexpr const char* days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = static_cast<Day>(instant / microseconds_per_day);
  const CivilDate date = date_of(day);
  const std::int64_t second = instant % microseconds_per_day / microseconds_per_second;
  // 1970-01-01 was a Thursday.
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[(day + 3) % 7], date.day,
                     months[date.month - 1], date.year, second / 3'600, second / 60 % 60, second % 60);
}

/// The subject in words of whole characters.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), word_bytes);
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string wrapped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += line_bytes) out += text.substr(at, line_bytes) + "\r\n";
  return out;
}

}  // namespace

std::string mail_text(const std::string& from, const Mail& mail) {
  std::string out = "Date: " + mail_date(mail.date) + "\r\n";
  out += "From: <" + from + ">\r\nTo: <" + mail.to + ">\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\nSubject: " + encoded_words(mail.subject) + "\r\n";
  // RFC 3834: nobody's holiday reply should come back.
  out += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  return out + wrapped(to_base64(mail.text));
}

}  // namespace qipan::outbox
