#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "board/refold.hpp"
#include "cmd/scratch.hpp"
#include "log/log.hpp"

namespace qipan::test {

/// What an engine makes of commands, as a table of text. A line is `command | body | result`: the body of the
/// first fact that the command leaves, some members of it behind `has`, or the refusal's code and field.
/// `command@actor` is somebody else's than the operator's; `"sealed"` in a body holds personal values by
/// their places. Empty lines and those that begin with # are for the reader. Returns how many lines held;
/// what they left must fold to the same tables again.
inline int hold_commands(cmd::Scratch& scratch, const std::string& table) {
  const auto trimmed = [](const std::string& text) {
    const auto from = text.find_first_not_of(' ');
    return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
  };
  std::istringstream lines(table);
  int held = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto first = line.find('|');
    const auto second = line.find('|', first + 1);
    const std::string name = trimmed(line.substr(0, first));
    const auto body = parse_json(trimmed(line.substr(first + 1, second - first - 1)));
    if (second == std::string::npos || !body) {
      ADD_FAILURE() << "no line of a table: " << line;
      continue;
    }
    board::Command command;
    command.kind = name.substr(0, name.find('@'));
    command.actor = name.find('@') == std::string::npos ? "operator" : name.substr(name.find('@') + 1);
    for (auto& [member, value] : Json(*body).take_members()) {
      if (member != "sealed") {
        command.body.set(member, value);
        continue;
      }
      for (const auto& [place, text] : value.members()) command.personal.push_back({place, text.text()});
    }
    const auto outcome = scratch.board().decide(std::move(command));
    const std::string expected = trimmed(line.substr(second + 1));
    std::string result;
    if (!outcome) {
      result = trimmed(outcome.error().code + " " + outcome.error().field);
    } else {
      const Json told = *log::body_of(log::Log::find(scratch.database(), outcome->first)->fact);
      Json some = Json::object();
      const Json asked =
          expected.starts_with("has ") ? *parse_json(expected.substr(4)) : Json(Json::object());
      for (const auto& member : asked.members()) some.set(member.key, told[member.key]);
      result = expected.starts_with("has ") ? "has " + some.dump() : told.dump();
    }
    EXPECT_EQ(result, expected) << line;
    held += result == expected ? 1 : 0;
  }
  const auto verified = board::verify(scratch.database(), ":memory:", scratch.board().engines(),
                                      [](std::string_view, Position) {});
  EXPECT_TRUE(verified) << verified.error().line();
  return held;
}

}  // namespace qipan::test
