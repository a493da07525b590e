#include "tables/text_pieces.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "base/problem.hpp"

namespace qipan::tables {

namespace {

constexpr std::size_t piece_bytes = 1U << 16U;
constexpr std::string_view mark = "\xEF\xBB\xBF";

std::string read_piece(std::istream& file) {
  std::string piece(piece_bytes, '\0');
  file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  piece.resize(static_cast<std::size_t>(file.gcount()));
  return piece;
}

/// How many bytes at the end begin a character that goes on in the next piece.
std::size_t unfinished(std::string_view text) {
  constexpr std::size_t character_bytes_max = 4;
  for (std::size_t back = 1; back < character_bytes_max && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0U) == 0x80U) continue;
    const std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return back < whole ? back : 0;
  }
  return 0;
}

bool is_utf8_file(std::istream& file) {
  std::string held;
  for (std::string piece = read_piece(file); !piece.empty(); piece = read_piece(file)) {
    held += piece;
    const std::size_t left = unfinished(held);
    if (!is_utf8(std::string_view(held).substr(0, held.size() - left))) return false;
    held.erase(0, held.size() - left);
  }
  return held.empty();
}

}  // namespace

TextPieces::~TextPieces() {
  if (converter_ != nullptr) ucnv_close(converter_);
}

Result<std::unique_ptr<TextPieces>> TextPieces::open(const std::string& path) {
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file)
    return refuse({Problem::Kind::not_found, "file-unreadable", path, "", "a file that can be read",
                   "check its name and rights"});
  std::unique_ptr<TextPieces> pieces(new TextPieces(path, std::move(file)));
  QIPAN_CHECK(pieces->find_encoding());
  return pieces;
}

Result<std::unique_ptr<TextPieces>> TextPieces::of(const std::string& path, std::string bytes) {
  std::unique_ptr<TextPieces> pieces(
      new TextPieces(path, std::make_unique<std::istringstream>(std::move(bytes))));
  QIPAN_CHECK(pieces->find_encoding());
  return pieces;
}

Result<void> TextPieces::find_encoding() {
  if (!is_utf8_file(*from_)) {
    UErrorCode failure = U_ZERO_ERROR;
    converter_ = ucnv_open("gb18030", &failure);
    if (U_SUCCESS(failure))
      ucnv_setToUCallBack(converter_, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &failure);
    if (U_FAILURE(failure))
      return refuse({Problem::Kind::unavailable, "text-unreadable", path_, "", "text in UTF-8",
                     "this machine cannot read GB18030: save it as UTF-8"});
  }
  from_->clear();
  from_->seekg(0);
  return {};
}

Result<bool> TextPieces::next(std::string& piece) {
  const std::string bytes = read_piece(*from_);
  const bool first = !std::exchange(began_, true);
  if (converter_ == nullptr) {
    piece = first && bytes.starts_with(mark) ? bytes.substr(mark.size()) : bytes;
    return !bytes.empty();
  }
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  std::array<UChar, piece_bytes> characters{};
  piece.clear();
  UErrorCode failure = U_BUFFER_OVERFLOW_ERROR;
  while (failure == U_BUFFER_OVERFLOW_ERROR) {
    failure = U_ZERO_ERROR;
    UChar* to = characters.data();
    ucnv_toUnicode(converter_, &to, characters.data() + characters.size(), &from, end, nullptr,
                   static_cast<UBool>(bytes.empty()), &failure);
    icu::UnicodeString(false, characters.data(), static_cast<std::int32_t>(to - characters.data()))
        .toUTF8String(piece);
  }
  if (U_FAILURE(failure))
    return invalid("text-unreadable", path_, "", "text in UTF-8 or GB18030", "save it as CSV UTF-8");
  return !bytes.empty() || !piece.empty();
}

}  // namespace qipan::tables
