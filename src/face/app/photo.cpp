#include "face/app/photo.hpp"

namespace qipan::face {

namespace {

constexpr std::string_view png_magic = "\x89PNG\r\n\x1a\n";

std::size_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

tl::unexpected<Problem> broken(const char* what) {
  return invalid("photo-broken", "body", "", std::string("a whole ") + what + " file",
                 "take the photo again, or save it anew");
}

/// Where entropy-coded data ends: at the first marker that is neither a stuffed zero nor a restart.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
  for (; at + 1 < bytes.size(); ++at) {
    if (static_cast<unsigned char>(bytes[at]) != 0xFF) continue;
    const auto next = static_cast<unsigned char>(bytes[at + 1]);
    if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
  return std::string_view::npos;
}

/// JPEG: kept are the segments that say how to decode, and the scans; APP and COM segments go (but Adobe's
/// APP14, which says how colours are stored), wherever they stand, and so does all behind the first image's
/// end: second pictures carry their own.
Result<Bytes> clean_jpeg(std::string_view bytes) {
  Bytes clean(bytes.substr(0, 2));
  for (std::size_t at = 2;;) {
    if (at + 2 > bytes.size() || static_cast<unsigned char>(bytes[at]) != 0xFF) return broken("JPEG");
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (marker == 0xFF) {  // filler
      ++at;
      continue;
    }
    if (marker == 0xD9) return clean + "\xFF\xD9";
    if (at + 4 > bytes.size()) return broken("JPEG");
    const std::size_t length = big_endian(bytes, at + 2, 2);
    if (length < 2 || at + 2 + length > bytes.size()) return broken("JPEG");
    const bool application = marker >= 0xE0 && marker <= 0xEF && marker != 0xEE;
    if (!application && marker != 0xFE) clean += bytes.substr(at, 2 + length);
    at += 2 + length;
    if (marker != 0xDA) continue;
    const std::size_t end = end_of_scan(bytes, at);
    if (end == std::string_view::npos) return broken("JPEG");
    clean += bytes.substr(at, end - at);
    at = end;
  }
}

/// PNG: critical chunks, and the two that colours need.
Result<Bytes> clean_png(std::string_view bytes) {
  Bytes clean(png_magic);
  std::size_t at = png_magic.size();
  for (;;) {
    if (at + 12 > bytes.size()) return broken("PNG");
    const std::size_t length = big_endian(bytes, at, 4);
    if (length > bytes.size() || at + 12 + length > bytes.size()) return broken("PNG");
    const std::string_view type = bytes.substr(at + 4, 4);
    const bool critical = type[0] >= 'A' && type[0] <= 'Z';
    if (critical || type == "tRNS" || type == "gAMA") clean += bytes.substr(at, 12 + length);
    at += 12 + length;
    if (type == "IEND") return clean;
  }
}

}  // namespace

std::string_view photo_type(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with(png_magic)) return "image/png";
  return "application/octet-stream";
}

Result<Photo> clean_photo(std::string_view bytes) {
  if (bytes.size() > photo_bytes_max) {
    return refuse({Problem::Kind::too_large, "photo-too-large", "body",
                   std::to_string(bytes.size()) + " bytes", "at most 6 MB", "send a smaller photo"});
  }
  const std::string_view type = photo_type(bytes);
  if (type == "image/jpeg") {
    QIPAN_TRY(clean, clean_jpeg(bytes));
    return Photo{std::string(type), std::move(clean)};
  }
  if (type == "image/png") {
    QIPAN_TRY(clean, clean_png(bytes));
    return Photo{std::string(type), std::move(clean)};
  }
  return invalid("photo-type", "body", "", "a JPEG or PNG image", "save it as JPEG");
}

}  // namespace qipan::face
