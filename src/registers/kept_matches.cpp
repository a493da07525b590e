#include "registers/kept_matches.hpp"

#include <filesystem>
#include <tuple>

#include "base/file.hpp"
#include "base/json.hpp"

namespace qipan::registers {

namespace {

Json header_json(const std::vector<std::string>& header) {
  Json list = Json::array();
  for (const std::string& column : header) list.push(column);
  return list;
}

}  // namespace

KeptMatches::Match KeptMatches::of(const std::vector<std::string>& header) const {
  Match match;
  const auto bytes = read_file(path_, std::size_t{1} << 20U);
  const auto json = bytes ? parse_json(*bytes) : Result<Json>(Json());
  if (!json || (*json)["header"] != header_json(header) || !(*json)["match"].is_object()) return match;
  for (const auto& [column, target] : (*json)["match"].members())
    if (target.is_text()) match.emplace(column, target.text());
  return match;
}

void KeptMatches::keep(const std::vector<std::string>& header, const Match& match) const {
  if (match.empty()) return;
  Json json = Json::object();
  for (const auto& [column, target] : match) json.set(column, target);
  // To match by hand once more is all that is lost.
  std::ignore = make_folders(std::filesystem::path(path_).parent_path().string());
  std::ignore = write_file(
      path_, Json::object().set("header", header_json(header)).set("match", std::move(json)).dump());
}

}  // namespace qipan::registers
