#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "pack/pack.hpp"

namespace qipan::notices {

/// Whom something that happened to a case is told, and in which words; declared in notices/*.toml.
struct Notice {
  enum class On { state, supervised };
  enum class To { responsible, told, reporter, party };
  std::string name;
  pack::Title title;
  On on = On::state;
  std::string case_type;            // "*" for every one
  std::vector<std::string> states;  // entered ones, of On::state
  std::int64_t level = 1;           // from this lamp on, of On::supervised
  To to = To::responsible;
  std::vector<std::string>
      roles;          // of people; held at the unit, else at the nearest above where somebody has it
  std::string field;  // of the reporter: the personal field with the mail address
  pack::Title subject;
  pack::Title text;
};

/// Reads notices/*.toml; every fault is noted with file and line.
[[nodiscard]] std::vector<Notice> read_notices(const pack::Pack& pack, pack::Problems& problems);

/// As it stands in installation facts and in notice_kinds.
[[nodiscard]] Json to_json(const Notice& notice);
[[nodiscard]] Notice notice_from_json(const Json& json);

/// What a text may name in braces; `link` is filled in only when it is sent, as the reporter's is secret.
struct Words {
  std::string case_number;
  pack::Title case_class;
  std::string place;
  std::string due;
  pack::Title responsible;
  std::string percent;
};
[[nodiscard]] std::string filled(std::string_view text, const Words& words, bool chinese);
/// What a text names through a reference of the case, "{firm.name}": filled in when the notice is queued.
struct Named {
  std::string reference;
  std::string member;
  bool operator==(const Named&) const = default;
};
/// In all texts of a notice, each once.
[[nodiscard]] std::vector<Named> named_in(const Notice& notice);
[[nodiscard]] std::string with_named(std::string_view text, const Named& named, std::string_view value);
[[nodiscard]] std::string with_link(std::string_view text, std::string_view link);

}  // namespace qipan::notices
