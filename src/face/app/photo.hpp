#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace qipan::face {

struct Photo {
  std::string media_type;
  Bytes bytes;  // without metadata
};

inline constexpr std::size_t photo_bytes_max = 6U << 20U;

/// Takes a JPEG or PNG by what its bytes are, never by its name, and drops every segment that is not needed
/// to draw it: place, device, time, comments, thumbnails. Pixels stay as they are. Refuses anything else.
[[nodiscard]] Result<Photo> clean_photo(std::string_view bytes);

}  // namespace qipan::face
