#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

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
  [[nodiscard]] std::string path_of(std::string_view hash) const;
  /// All that lies here, in order; what is being written is no content yet.
  [[nodiscard]] std::vector<std::string> hashes() const;
  /// Keeps it from being swept as unused: something is about to name it. False where it is not here.
  bool touch(std::string_view hash) const;
  /// Removes it if it was neither stored nor touched for so many microseconds.
  bool remove_untouched(std::string_view hash, std::int64_t age) const;

 private:
  std::string folder_;
  std::unique_ptr<std::mutex> sweeping_ = std::make_unique<std::mutex>();  // touched or removed, not both
};

}  // namespace qipan::board
