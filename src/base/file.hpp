#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace qipan {

/// Whole file; refused when missing, unreadable or over `bytes_max`.
[[nodiscard]] Result<Bytes> read_file(const std::string& path, std::size_t bytes_max = 256U << 20U);

/// The file is there whole, and on disk, or not at all: temporary name, fsync, rename, fsync of the folder.
/// `mode` as of chmod; secrets use 0600.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes, unsigned mode = 0644);

/// Adds lines, on disk when this returns; the file is made when missing. What a crash left of an earlier
/// line stays a line of its own.
[[nodiscard]] Result<void> append_lines(const std::string& path, const std::vector<std::string>& lines,
                                        unsigned mode = 0644);

/// Writes zeros over a whole file, on disk when this returns.
[[nodiscard]] Result<void> overwrite_file(const std::string& path);

[[nodiscard]] bool file_exists(const std::string& path);
[[nodiscard]] Result<void> make_folders(const std::string& path);

/// Paths of the regular files under a folder, relative, in byte order; links are not followed.
[[nodiscard]] Result<std::vector<std::string>> files_under(const std::string& folder);

}  // namespace qipan
