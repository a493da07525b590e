#pragma once

#include "board/district.hpp"
#include "expr/decision.hpp"

namespace qipan::cmd {

/// All engines of the program, in the order in which they see facts. Here, and only here, they are put
/// together.
[[nodiscard]] std::vector<std::unique_ptr<board::Engine>> make_engines();

[[nodiscard]] expr::ModelLoader model_loader();

}  // namespace qipan::cmd
