#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace qipan::board {

/// Files by the SHA-256 of their bytes (photos): written once, on disk before a command may name them.
class ContentStore {
 public:
  explicit ContentStore(std::string folder) : folder_(std::move(folder)) {}

  /// Hex hash of the stored bytes. Storing the same bytes again does nothing. Any thread.
  [[nodiscard]] Result<std::string> put(std::string_view bytes) const;
  [[nodiscard]] Result<Bytes> get(std::string_view hash) const;
  [[nodiscard]] bool has(std::string_view hash) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  [[nodiscard]] std::string path_of(std::string_view hash) const;
  std::string folder_;
};

}  // namespace qipan::board
