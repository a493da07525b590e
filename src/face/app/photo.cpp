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

constexpr std::size_t side_max = 16'384;

/// Pictures that decode into more than a phone can hold are refused before anybody opens them.
Result<void> check_size(std::size_t width, std::size_t height) {
  constexpr std::size_t pixels_max = 100'000'000;
  if (width >= 1 && height >= 1 && width <= side_max && height <= side_max && width * height <= pixels_max)
    return {};
  return invalid("photo-size", "body", std::to_string(width) + " x " + std::to_string(height),
                 "at most 16,384 a side and 100 million pixels", "send a smaller picture");
}

std::size_t in_order(std::string_view bytes, std::size_t at, std::size_t count, bool little) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + (little ? count - 1 - i : i)]);
  return value;
}

/// Which way is up, of an APP1 segment's EXIF (2.3, 4.6.4, tag 0x0112): 1 to 8, or 0 where it says nothing.
unsigned orientation_of(std::string_view segment) {
  constexpr std::string_view head("Exif\0\0", 6);
  if (!segment.starts_with(head)) return 0;
  const std::string_view tiff = segment.substr(head.size());
  if (tiff.size() < 8 || (!tiff.starts_with("II") && !tiff.starts_with("MM"))) return 0;
  const bool little = tiff[0] == 'I';
  const std::size_t directory = in_order(tiff, 4, 4, little);
  if (directory > tiff.size() || tiff.size() - directory < 2) return 0;
  const std::size_t count = in_order(tiff, directory, 2, little);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.size()) return 0;
    if (in_order(tiff, entry, 2, little) != 0x0112) continue;
    const std::size_t value = in_order(tiff, entry + 8, 2, little);
    return value <= 8 ? static_cast<unsigned>(value) : 0;
  }
  return 0;
}

/// An EXIF segment that says the orientation and nothing else.
Bytes orientation_segment(unsigned orientation) {
  Bytes segment(
      std::string_view("\xFF\xE1\0\x22"
                       "Exif\0\0"
                       "MM\0*\0\0\0\x08"
                       "\0\x01"
                       "\x01\x12\0\x03\0\0\0\x01\0",
                       29));
  segment += static_cast<char>(orientation);
  return segment + Bytes(6, '\0');
}

/// JPEG: kept are the segments that say how to decode, and the scans; APP and COM segments go (but Adobe's
/// APP14, which says how colours are stored), wherever they stand, and so does all behind the first image's
/// end: second pictures carry their own.
Result<Bytes> clean_jpeg(std::string_view bytes) {
  Bytes clean(bytes.substr(0, 2));
  bool turned = false;
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
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    // SOF: how large it is. All frames but the tables and the arithmetic marker among them.
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && segment.size() >= 5)
      QIPAN_CHECK(check_size(big_endian(segment, 3, 2), big_endian(segment, 1, 2)));
    if (const unsigned orientation = marker == 0xE1 && !turned ? orientation_of(segment) : 0;
        orientation > 1) {
      clean += orientation_segment(orientation);
      turned = true;
    }
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
    if (type == "IHDR" && length >= 8)
      QIPAN_CHECK(check_size(big_endian(bytes, at + 8, 4), big_endian(bytes, at + 12, 4)));
    const bool critical = type[0] >= 'A' && type[0] <= 'Z';
    if (critical || type == "tRNS" || type == "gAMA") clean += bytes.substr(at, 12 + length);
    at += 12 + length;
    if (type == "IEND") return clean;
  }
}

std::string_view photo_type(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with(png_magic)) return "image/png";
  return "application/octet-stream";
}

}  // namespace

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
