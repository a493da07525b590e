#pragma once

#include <optional>

#include "board/command_type.hpp"
#include "log/batch.hpp"

namespace qipan::board {

/// What keeps a command's body once: which members are told elsewhere under the same name, as a bit each, and
/// the rest of it as JSON. Elsewhere is, in this order, {"id": number of the first fact's subject}, what
/// `told_otherwise` reads, and each fact with its members and those of its "now". Nothing where a command
/// with values in a block is kept by its fact alone. `facts` are the bodies of its facts as they stand, in
/// order.
[[nodiscard]] std::optional<log::Said> said_of(const CommandType& type, const Json& body, bool block,
                                               std::string_view subject, const std::vector<Json>& facts);

/// The body again; nothing where it was not kept or was removed, refused where its bytes are none of
/// said_of().
[[nodiscard]] Result<std::optional<Json>> body_said(const CommandType& type,
                                                    const log::CommandRecord& command,
                                                    const std::vector<Json>& facts);

}  // namespace qipan::board
