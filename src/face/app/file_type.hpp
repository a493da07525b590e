#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace qipan::face {

inline constexpr std::size_t file_bytes_max = 8U << 20U;

/// What a file is handed out as.
struct FileType {
  std::string media_type;
  std::string_view ending;  // of its name, without the point
};

/// By what the bytes are (libmagic), never by a name: documents, tables, pictures, sound and plain text.
/// Refused (`file-type`) is what runs or may bring a script along, as programs, pages and drawings in XML,
/// and what nobody knows. Any thread.
[[nodiscard]] Result<FileType> file_type(std::string_view bytes);

}  // namespace qipan::face
