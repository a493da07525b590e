#include "base/password.hpp"

#include <zxcvbn.h>

#include "base/text.hpp"

namespace qipan {

namespace {

constexpr std::int64_t length_min = 8;
constexpr std::int64_t length_max = 200;
/// Sixty-five thousand guesses: eighteen hours of all that a login allows from everywhere, sixty a minute,
/// which the log of requests shows. The three thousand commonest passwords have less than twelve bits.
constexpr double bits_min = 16;
/// What stands in no English list and on many desks here.
constexpr const char* local_words[] = {"qipan",  "棋盘",       "5201314", "1314520",
                                       "woaini", "woaini1314", "我爱你",  "密码"};

}  // namespace

Result<void> check_password(std::string_view password, const std::vector<std::string>& words) {
  const std::string text(password);
  if (password.size() > password_bytes_max || !is_text_of(text, length_min, length_max, false))
    return invalid("password-length", "password", "", "8 to 200 characters", "choose one of that length");
  std::vector<const char*> known(std::begin(local_words), std::end(local_words));
  for (const std::string& word : words) known.push_back(word.c_str());
  known.push_back(nullptr);
  if (ZxcvbnMatch(text.c_str(), known.data(), nullptr) >= bits_min) return {};
  return invalid("password-common", "password", "", "a password that is not soon guessed",
                 "choose a longer one, of several words that do not belong together");
}

}  // namespace qipan
