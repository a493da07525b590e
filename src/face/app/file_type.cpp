#include "face/app/file_type.hpp"

#include <magic.h>
#include <zip.h>

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace qipan::face {

namespace {

struct Known {
  std::string_view media_type;
  std::string_view ending;
};
constexpr auto known_types = std::to_array<Known>({
    {"application/pdf", "pdf"},
    {"application/ofd", "ofd"},
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

constexpr auto programs_declared =
    std::to_array<std::string_view>({"macroenabled", "vbaproject", "macrosheet", "activex"});
constexpr auto program_endings =
    std::to_array<std::string_view>({"vbaproject.bin", ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1",
                                     ".vbs", ".js", ".jar", ".sh", ".msi", ".hta", ".lnk"});
constexpr auto program_folders =
    std::to_array<std::string_view>({"basic/", "scripts/", "macrosheets/", "activex/"});

bool is_program(std::string_view member) {
  const std::string name = "/" + lower_case(member);
  return std::any_of(program_endings.begin(), program_endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); }) ||
         std::any_of(program_folders.begin(), program_folders.end(), [&](std::string_view folder) {
           return name.find("/" + std::string(folder)) != std::string::npos;
         });
}

/// A zip by its directory, whatever stands first in it.
class Archive {
 public:
  explicit Archive(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) zip_ = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip_ == nullptr && source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
  }
  ~Archive() {
    if (zip_ != nullptr) zip_discard(zip_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  [[nodiscard]] bool has(const char* name) const {
    return zip_ != nullptr && zip_name_locate(zip_, name, ZIP_FL_ENC_RAW) >= 0;
  }
  /// How a member begins, in so many bytes at most; nothing more of it is unpacked.
  [[nodiscard]] std::string head_of(const char* name, std::size_t most = 512) const {
    std::string head(most, '\0');
    zip_file_t* file = zip_ == nullptr ? nullptr : zip_fopen(zip_, name, ZIP_FL_ENC_RAW);
    if (file == nullptr) return "";
    const zip_int64_t read = zip_fread(file, head.data(), head.size());
    zip_fclose(file);
    head.resize(read < 0 ? 0 : static_cast<std::size_t>(read));
    return head;
  }
  /// Documents that bring programs along are none: by the names of members, and by what the document itself
  /// says that they are.
  [[nodiscard]] bool brings_programs() const {
    for (zip_int64_t at = 0; zip_ != nullptr && at < zip_get_num_entries(zip_, 0); ++at) {
      const char* name = zip_get_name(zip_, static_cast<zip_uint64_t>(at), ZIP_FL_ENC_RAW);
      if (is_program(name == nullptr ? "" : name)) return true;
    }
    constexpr std::size_t types_most = std::size_t{1} << 20U;
    const std::string types = lower_case(head_of("[Content_Types].xml", types_most));
    return types.size() == types_most ||
           std::any_of(programs_declared.begin(), programs_declared.end(),
                       [&](std::string_view sign) { return types.find(sign) != std::string::npos; });
  }

 private:
  zip_t* zip_ = nullptr;
};

/// What a zip is, by its members: an OFD (GB/T 33190), a document of Office Open XML or OpenDocument; empty
/// for any other.
std::string_view type_of_archive(std::string_view bytes) {
  const Archive archive(bytes);
  if (archive.brings_programs()) return "";
  if (archive.head_of("OFD.xml").find("http://www.ofdspec.org/") != std::string::npos)
    return "application/ofd";
  if (archive.has("[Content_Types].xml")) {
    if (archive.has("word/document.xml"))
      return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (archive.has("xl/workbook.xml"))
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (archive.has("ppt/presentation.xml"))
      return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
  }
  const std::string told = archive.head_of("mimetype");
  for (const std::string_view type :
       {"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"})
    if (told == type && archive.has("content.xml")) return type;
  return "";
}

/// Refused where it is none of those that are kept, with what it was told to be.
Result<FileType> known_type(std::string_view type, std::string_view told) {
  for (const Known& known : known_types) {
    if (known.media_type == type) return FileType{std::string(type), known.ending};
  }
  return invalid(
      "file-type", "body", std::string(told),
      "a document without macros (PDF, OFD, Word, Excel, PowerPoint, OpenDocument), a JPEG or PNG, plain "
      "text or CSV, MP3, AMR or MP4",
      "save it as one of these");
}

}  // namespace

Result<FileType> file_type(std::string_view bytes) {
  if (bytes.starts_with("PK\x03\x04")) return known_type(type_of_archive(bytes), "application/zip");
  static thread_local Magic magic;
  if (!magic.loaded)
    return refuse({Problem::Kind::unavailable, "file-type-unknown", "", "",
                   "the table of types that Debian's libmagic-mgc brings", "tell the operator"});
  const char* told = magic_buffer(magic.cookie, bytes.data(), bytes.size());
  const std::string_view type = told == nullptr ? "" : told;
  return known_type(type, type);
}

}  // namespace qipan::face
