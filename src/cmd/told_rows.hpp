#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace qipan::cmd {

/// What an import did otherwise than the file says, row by row: counted, the first ones shown, all of them
/// written to a CSV file. Nothing is refused, moved, rounded or doubted in silence.
class ToldRows {
 public:
  static constexpr std::size_t shown_max = 5;

  /// `what`: refused, moved, rounded, doubted. `reason`: what was expected, for a person.
  void tell(std::string_view file, int line, std::string_view column, std::string_view value,
            std::string_view what, std::string_view reason);
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& by_what() const { return by_what_; }
  /// The first rows as lines, for a terminal.
  [[nodiscard]] std::string shown() const;
  /// Writes them to `path`; nothing where there are none.
  [[nodiscard]] Result<void> write(const std::string& path) const;

 private:
  std::size_t count_ = 0;
  std::map<std::string, std::int64_t> by_what_;
  std::string csv_ = "file,line,column,value,what,reason\n";
  std::vector<std::string> first_;
};

/// Where they are written unless somebody names a file: beside the imported one's name, in the district's
/// folder.
[[nodiscard]] std::string told_path(const std::string& data, const std::string& file);

}  // namespace qipan::cmd
