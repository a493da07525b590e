#include "cmd/told_rows.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "pack/csv.hpp"

namespace qipan::cmd {

void ToldRows::tell(std::string_view file, int line, std::string_view column, std::string_view value,
                    std::string_view what, std::string_view reason) {
  ++count_;
  ++by_what_[std::string(what)];
  csv_ += pack::csv_cell(file) + "," + std::to_string(line) + "," + pack::csv_cell(column) + "," +
          pack::csv_cell(shortened(value, 200)) + "," + std::string(what) + "," + pack::csv_cell(reason) +
          "\n";
  if (first_.size() < shown_max)
    first_.push_back(std::string(file) + ":" + std::to_string(line) + " " + std::string(column) + ": " +
                     std::string(what) + ", found \"" + shortened(value) + "\"; " + std::string(reason));
}

std::string ToldRows::shown() const {
  std::string text;
  for (const std::string& line : first_) text += "\n  " + line;
  if (count_ > first_.size()) text += "\n  and " + std::to_string(count_ - first_.size()) + " more";
  return text;
}

Result<void> ToldRows::write(const std::string& path) const {
  if (count_ == 0) return {};
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  return write_file(path, csv_);
}

std::string told_path(const std::string& data, const std::string& file) {
  return data + "/imports/" + std::filesystem::path(file).filename().string() + ".told.csv";
}

}  // namespace qipan::cmd
