#pragma once

#include <istream>
#include <memory>
#include <string>

#include "base/result.hpp"

struct UConverter;

namespace qipan::tables {

/// A file of text in pieces of UTF-8, whichever of UTF-8 and GB18030 it is in: what is not the first is taken
/// for the second, which older spreadsheets write. Read twice: first to know which.
class TextPieces {
 public:
  [[nodiscard]] static Result<std::unique_ptr<TextPieces>> open(const std::string& path);
  /// Of bytes that are there; `path` is what they are called.
  [[nodiscard]] static Result<std::unique_ptr<TextPieces>> of(const std::string& path, std::string bytes);
  ~TextPieces();
  TextPieces(const TextPieces&) = delete;
  TextPieces& operator=(const TextPieces&) = delete;

  [[nodiscard]] bool is_gb18030() const { return converter_ != nullptr; }
  /// False at the end. Refused (`text-unreadable`) where bytes are none of either.
  [[nodiscard]] Result<bool> next(std::string& piece);

 private:
  TextPieces(std::string path, std::unique_ptr<std::istream> from)
      : path_(std::move(path)), from_(std::move(from)) {}
  Result<void> find_encoding();
  std::string path_;
  std::unique_ptr<std::istream> from_;
  UConverter* converter_ = nullptr;
  bool began_ = false;
};

}  // namespace qipan::tables
