#pragma once

#include <vector>

#include "board/command.hpp"
#include "pack/pack.hpp"

namespace qipan::test {

/// A command of the operator.
[[nodiscard]] board::Command made(std::string kind, Json body);

/// A small pack of its own, a register, a limit and a case type: each version has another limit, and goes
/// from open to done by another transition, "finish" or "settle".
[[nodiscard]] pack::Pack towers(std::int64_t version, const std::string& title = "Lamps");

/// What makes a small district in which every engine has something to do: packs with a few classes, a
/// register and a limit of its own, two streams, four units, somebody to be told, a mail server and a
/// listener.
[[nodiscard]] std::vector<board::Command> whole_district();

}  // namespace qipan::test
