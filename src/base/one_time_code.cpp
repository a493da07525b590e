#include "base/one_time_code.hpp"

#include <liboath/oath.h>

#include <algorithm>
#include <cstdlib>

#include "base/assert.hpp"

namespace qipan {

namespace {

constexpr unsigned step_seconds = 30;
constexpr unsigned digits = 6;
constexpr std::size_t steps_beside = 1;

time_t seconds_of(Instant now) {
  return static_cast<time_t>(now / microseconds_per_second);
}

}  // namespace

std::optional<std::uint64_t> step_of_code(std::string_view secret, const std::string& code, Instant now) {
  // What liboath would read of another length is no code.
  const bool plain = code.size() == digits &&
                     std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!plain || secret.empty() || now < 0) return std::nullopt;
  std::uint64_t step = 0;
  const int found = oath_totp_validate3(secret.data(), secret.size(), seconds_of(now), step_seconds, 0,
                                        steps_beside, nullptr, &step, code.c_str());
  return found >= 0 ? std::optional(step) : std::nullopt;
}

std::string code_at(std::string_view secret, Instant now) {
  char code[digits + 1] = {};
  const int made =
      oath_totp_generate(secret.data(), secret.size(), seconds_of(now), step_seconds, 0, digits, code);
  QIPAN_ASSERT(made == OATH_OK);
  return code;
}

std::string secret_text(std::string_view secret) {
  char* text = nullptr;
  std::size_t size = 0;
  QIPAN_ASSERT(oath_base32_encode(secret.data(), secret.size(), &text, &size) == OATH_OK);
  std::string made(text, size);
  std::free(text);
  made.erase(std::find(made.begin(), made.end(), '='), made.end());
  return made;
}

}  // namespace qipan
