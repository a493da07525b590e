#pragma once

#include <gtest/gtest.h>

#include <sstream>

#include "fields/form.hpp"
#include "pack/read_fields.hpp"

namespace qipan::test {

/// Parts of a line between bars, without the blanks around them.
inline std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream stream(line);
  for (std::string part; std::getline(stream, part, '|');) {
    const auto from = part.find_first_not_of(' ');
    parts.push_back(from == std::string::npos ? ""
                                              : part.substr(from, part.find_last_not_of(' ') - from + 1));
  }
  return parts;
}

/// Lines of a table: empty ones and those that begin with # are for the reader.
inline std::vector<std::vector<std::string>> lines_of(const std::string& table) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream stream(table);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.front() != '#') lines.push_back(parts_of(line));
  }
  return lines;
}

inline constexpr pack::FieldPlace everything = {
    .personal = true, .contents = true, .columns = true, .taken = {}};

/// The field `x` of a pack: its type and what else is declared, behind semicolons and blanks, as `decimal;
/// digits = 2`.
inline fields::Field declared(const std::string& words, pack::Problems& problems,
                              const pack::FieldPlace& place = everything) {
  std::string toml = "[[fields]]\nname = \"x\"\ntitle = { zh = \"值\", en = \"Value\" }\n";
  std::size_t begin = 0;
  for (bool first = true; begin != std::string::npos; first = false) {
    const auto end = words.find("; ", begin);
    const std::string part = words.substr(begin, end - begin);
    toml += first ? "type = \"" + part + "\"\n" : part + "\n";
    begin = end == std::string::npos ? end : end + 2;
  }
  static const std::string path = "fields.toml";
  const auto document = pack::parse_toml(path, toml);
  if (!document) {
    ADD_FAILURE() << toml;
    return {};
  }
  pack::Fields table(*document, path, problems);
  auto read = pack::read_fields(table, "fields", place);
  return read.empty() ? fields::Field{} : std::move(read.front());
}

inline fields::Field declared(const std::string& words) {
  pack::Problems problems;
  auto field = declared(words, problems);
  for (const auto& problem : problems) ADD_FAILURE() << words << ": " << problem.line();
  return field;
}

}  // namespace qipan::test
