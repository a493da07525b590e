#pragma once

#include "pack/pack.hpp"

namespace qipan::pack {

/// synonyms.toml: groups of words that mean one thing to who looks for something.
inline constexpr std::string_view synonyms_path = "synonyms.toml";

/// The groups of a pack; none where it has no such file. Problems name file and line.
[[nodiscard]] std::vector<std::vector<std::string>> read_synonyms(const Pack& pack, Problems& problems);

}  // namespace qipan::pack
