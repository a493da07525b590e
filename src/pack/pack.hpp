#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "pack/document.hpp"

namespace qipan::pack {

/// A pack as read from its folder (or from the log): who it is, and its files. What the files mean is the
/// engines' matter.
struct Pack {
  std::string name;
  std::int64_t version = 1;
  Title title;
  std::vector<std::string> carries;    // lines of the plan: "S03"
  std::vector<std::string> needs;      // other packs
  std::map<std::string, Bytes> files;  // path inside the pack → bytes

  /// SHA-256 over names and bytes of all declaration files, in order.
  [[nodiscard]] Hash hash() const;
  /// Paths in a folder with an ending: files_in("cases", ".toml").
  [[nodiscard]] std::vector<std::string> files_in(std::string_view folder, std::string_view ending) const;
};

inline constexpr std::size_t declarations_bytes_max = 400'000;

/// Whether a file is a declaration, which goes into the log with the pack; data and scenarios do not. Tests
/// of rules do, so that rules which are changed in the district are held against them there.
[[nodiscard]] bool is_declaration(std::string_view path);

/// Whether a file says how to decide: what people who keep rules may change in a district, and nothing else.
[[nodiscard]] bool is_rule_file(std::string_view path);

/// pack.toml with another version; everything else stays as it was written.
[[nodiscard]] std::string with_version(std::string_view manifest, std::int64_t version);

/// Packs after those that they need, as far as these are among them. Refused where they need each other in a
/// circle.
[[nodiscard]] Result<std::vector<Pack>> in_order_of_needs(std::vector<Pack> packs);

/// Reads a pack's folder. Problems name file and line.
[[nodiscard]] Result<Pack> read_folder(const std::string& folder, Problems& problems);

/// From the files themselves.
[[nodiscard]] Result<Pack> from_files(std::map<std::string, Bytes> files, const std::string& shown_path,
                                      Problems& problems);

}  // namespace qipan::pack
