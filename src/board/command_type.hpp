#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "board/command.hpp"
#include "fields/make.hpp"

namespace qipan::board {

class Decision;
class Directory;

/// Who may send a command at all. What of it they may do is the engine's to ask.
enum class Sender {
  anyone,        // also who is not known
  known,         // a person, a key that acts for one, or a person who acts for an organisation
  person,        // a person who is logged in: a key that could do this would outlive its own revocation
  command_line,  // the district's operator alone
  house,         // the district itself: its operator, its timers and reactions, imports
};

/// Whether somebody who is not the district itself may send it.
[[nodiscard]] inline bool from_outside(Sender sender) {
  return sender != Sender::house && sender != Sender::command_line;
}

struct Right {
  std::string_view action;
  std::string_view resource;
};

/// A command as its engine declares it. Routing, checks of bodies, the API's description, the client's types,
/// the fuzzer's and the simulator's plans are made from this.
struct CommandType {
  std::string kind;     // "case.create": the part before the dot is the engine's name
  std::string summary;  // one sentence
  Sender sender = Sender::known;
  /// Asked before the body is looked at, anywhere; where exactly is the engine's to ask. None: it asks for
  /// itself, as where everybody may for themselves.
  std::optional<Right> right = std::nullopt;
  std::vector<fields::Field> body = {};
  std::vector<fields::Field> answer = {};  // what is answered besides the position
  /// Members that whoever takes the command from outside adds by itself: no sender says them.
  std::vector<std::string> supplied = {};
  bool changes = false;  // what is left out stays as it was; null takes a value away
  bool alone = false;    // stands alone in its batch, as it changes what every later one means
  bool block = false;    // may bring many values at once in the engine's own encoding
  std::vector<fields::Field> beside_block = {};  // its body then, in place of the other
  std::function<Result<void>(Decision&)> run = {};
  /// What was said is kept once (design §4b.2): here its facts hold all that was accepted, as many values,
  /// and the rest is not kept.
  bool facts_hold_it = false;
  /// Members of the body that its facts tell in another form, read from them again: as they were written, in
  /// any version of them.
  std::function<Json(const std::vector<Json>& facts)> told_otherwise = {};

  [[nodiscard]] bool is_supplied(std::string_view member) const;
};

/// Refused where nobody like this actor may send it (`login-needed`, `session-needed`, `not-permitted`).
[[nodiscard]] Result<void> may_send(const CommandType& type, std::string_view actor,
                                    const Directory& directory);

/// Refuses (`personal-not-sealed`) a personal value among `values`, members of the body at `path`, which the
/// board did not put into the vault itself for this command: neither the value in the clear nor somebody
/// else's reference may stand in a fact.
[[nodiscard]] Result<void> check_sealed(const std::vector<fields::Field>& declared, const Json& values,
                                        const std::string& path, const Command& command);

/// The command's body as its type declares it, in the one form in which engines and facts see it. Unknown,
/// missing and unfit members are refused by name, and personal values that did not come as such.
[[nodiscard]] Result<Json> read_body(const CommandType& type, const Command& command);

}  // namespace qipan::board
