#include "face/app/file_type.hpp"

#include <magic.h>

#include <array>

#include "base/assert.hpp"

namespace qipan::face {

namespace {

struct Known {
  std::string_view media_type;
  std::string_view ending;
};
constexpr auto known_types = std::to_array<Known>({
    {"application/pdf", "pdf"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/msword", "doc"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.ms-powerpoint", "ppt"},
    {"image/jpeg", "jpg"},
    {"image/png", "png"},
    {"text/plain", "txt"},
    {"text/csv", "csv"},
    {"audio/mpeg", "mp3"},
    {"audio/amr", "amr"},
    {"video/mp4", "mp4"},
});

/// libmagic's state is for one thread at a time.
struct Magic {
  Magic() : cookie(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS)) {
    QIPAN_ASSERT(cookie != nullptr);
    loaded = magic_load(cookie, nullptr) == 0;
  }
  ~Magic() { magic_close(cookie); }
  Magic(const Magic&) = delete;
  Magic& operator=(const Magic&) = delete;
  magic_t cookie;
  bool loaded = false;
};

/// An OFD (GB/T 33190) is a zip with a member OFD.xml, by the head of the file alone; libmagic knows none.
bool is_ofd(std::string_view bytes) {
  constexpr std::size_t head = 4'096;
  return bytes.starts_with("PK\x03\x04") && bytes.substr(0, head).find("OFD.xml") != std::string_view::npos;
}

}  // namespace

Result<FileType> file_type(std::string_view bytes) {
  if (is_ofd(bytes)) return FileType{"application/ofd", "ofd"};
  static thread_local Magic magic;
  if (!magic.loaded)
    return refuse({Problem::Kind::unavailable, "file-type-unknown", "", "",
                   "the table of types that Debian's libmagic-mgc brings", "tell the operator"});
  const char* told = magic_buffer(magic.cookie, bytes.data(), bytes.size());
  const std::string_view type = told == nullptr ? "" : told;
  for (const Known& known : known_types) {
    if (known.media_type == type) return FileType{std::string(type), known.ending};
  }
  return invalid(
      "file-type", "body", std::string(type),
      "a document (PDF, OFD, Word, Excel, PowerPoint, OpenDocument), a JPEG or PNG, plain text or CSV, "
      "MP3, AMR or MP4",
      "save it as one of these");
}

}  // namespace qipan::face
