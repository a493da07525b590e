#pragma once

#include <map>
#include <string>
#include <vector>

namespace qipan::registers {

/// What somebody matched by hand, kept in a folder for the next file with the same columns: a convenience and
/// no fact. Any thread.
class KeptMatches {
 public:
  using Match = std::map<std::string, std::string>;  // column to target
  KeptMatches(const std::string& folder, const std::string& register_name)
      : path_(folder + "/" + register_name + ".match.json") {}

  /// Of a file with these columns; empty where nothing was kept.
  [[nodiscard]] Match of(const std::vector<std::string>& header) const;
  void keep(const std::vector<std::string>& header, const Match& match) const;

 private:
  std::string path_;
};

}  // namespace qipan::registers
