#pragma once

#include <string>
#include <vector>

#include "pack/pack.hpp"

namespace qipan::cmd {

struct Checked {
  std::size_t scenarios = 0;
  std::size_t steps = 0;
  std::size_t decisions = 0;  // tests beside the rules
  pack::Problems warnings;    // what an author should think about; nothing is refused for it
};

/// Checks packs whole on a scratch board: declarations, seeds, and every scenario with its own clock. `packs`
/// in the order in which they are installed. Problems name file and line. With `refold_each_step` every step
/// is followed by a refold that must equal.
[[nodiscard]] Result<Checked> check_packs(const std::vector<pack::Pack>& packs, bool refold_each_step,
                                          pack::Problems& problems);

/// Reads pack folders and puts them in the order of their needs.
[[nodiscard]] Result<std::vector<pack::Pack>> read_packs(const std::vector<std::string>& folders,
                                                         pack::Problems& problems);

}  // namespace qipan::cmd
