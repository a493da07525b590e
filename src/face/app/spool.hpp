#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "face/http/message.hpp"

namespace qipan::face {

/// A file on its way to one reader: written once, then read; nobody finds it by name once it is ready, and it
/// goes with the object. One thread writes.
class Spooled final : public BodyFile {
 public:
  using Bytes = std::shared_ptr<std::atomic<std::uint64_t>>;
  Spooled(Bytes all, int descriptor, std::string path)
      : all_(std::move(all)), descriptor_(descriptor), path_(std::move(path)) {}
  Spooled(const Spooled&) = delete;
  Spooled& operator=(const Spooled&) = delete;
  ~Spooled() override;

  /// Refused where one file, or all of them, would be too large (`export-too-large`, `spool-full`), or the
  /// disk is full.
  [[nodiscard]] Result<void> write(std::string_view bytes);
  /// For a library that writes by itself; what it wrote counts from ready() on.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Nothing more is written.
  [[nodiscard]] Result<void> ready();

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] std::string read(std::uint64_t from, std::size_t most) const override;

 private:
  Result<void> flush();
  Result<void> count(std::uint64_t bytes);
  Bytes all_;  // of all files that are on their way
  int descriptor_;
  std::string path_;
  std::string waiting_;
  std::uint64_t size_ = 0;
};

/// Where files are written before they are sent, so that a slow client keeps neither memory nor a snapshot.
class Spool {
 public:
  static constexpr std::uint64_t file_bytes_max = std::uint64_t{1} << 30U;
  static constexpr std::uint64_t bytes_max = std::uint64_t{4} << 30U;

  /// Any thread. What an earlier process left in the folder goes.
  explicit Spool(std::string folder);
  [[nodiscard]] Result<std::shared_ptr<Spooled>> open();
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] static Problem too_large();
  [[nodiscard]] static Problem unwritable(const std::string& why);

 private:
  std::string folder_;
  Spooled::Bytes bytes_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace qipan::face
