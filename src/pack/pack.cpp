#include "pack/pack.hpp"

#include <algorithm>
#include <set>

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace qipan::pack {

namespace {
constexpr std::size_t files_max = 2'000;
constexpr std::size_t file_bytes_max = 64U << 20U;
}  // namespace

Hash Pack::hash() const {
  Encoder encoder;
  for (const auto& [path, bytes] : files) {
    if (!is_declaration(path)) continue;
    encoder.text(path);
    encoder.raw(view_of(sha256(bytes)));
  }
  return sha256(encoder.bytes());
}

std::vector<std::string> Pack::files_in(std::string_view folder, std::string_view ending) const {
  std::vector<std::string> paths;
  const std::string prefix = std::string(folder) + "/";
  for (const auto& [path, bytes] : files) {
    if (path.starts_with(prefix) && path.ends_with(ending)) paths.push_back(path);
  }
  return paths;
}

bool is_declaration(std::string_view path) {
  return !path.starts_with("data/") && !path.starts_with("scenarios/");
}

bool is_rule_file(std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos || path.size() > 120 || !is_utf8(path)) return false;
  const std::string_view folder = path.substr(0, slash);
  const std::string_view name = path.substr(slash + 1);
  if (name.starts_with('.') || name.find_first_of("/\\") != std::string_view::npos) return false;
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }))
    return false;
  if (folder == "rules")
    return (name.ends_with(".dmn") && name.size() > 4) || (name.ends_with(".tests.toml") && name.size() > 11);
  return folder == "parameters" && name.ends_with(".toml") && name.size() > 5;
}

std::string with_version(std::string_view manifest, std::int64_t version) {
  const std::string line_now = "version = " + std::to_string(version);
  std::string out;
  bool written = false;
  for (std::size_t at = 0; at < manifest.size();) {
    const auto end = std::min(manifest.find('\n', at), manifest.size());
    const std::string_view line = manifest.substr(at, end - at);
    // The file's own members stand before its first table.
    if (!written && line.starts_with("version") && line.find_first_not_of(" \t", 7) == line.find('=')) {
      out += line_now;
      written = true;
    } else {
      if (!written && line.starts_with('[')) {
        out += line_now + "\n";
        written = true;
      }
      out += line;
    }
    out += '\n';
    at = end + 1;
  }
  return written ? out : out + line_now + "\n";
}

Result<Pack> from_files(std::map<std::string, Bytes> files, const std::string& shown_path,
                        Problems& problems) {
  const auto found = files.find("pack.toml");
  const std::string path = shown_path + "/pack.toml";
  if (found == files.end()) {
    return refuse({Problem::Kind::not_found, "pack-missing", path, "", "a folder with pack.toml",
                   "name the pack's own folder"});
  }
  QIPAN_TRY(document, parse_toml(path, found->second));
  Pack pack;
  Fields fields(document, path, problems);
  pack.name = fields.text("name");
  pack.version = fields.integer("version", 1, 1, 1'000'000'000);
  pack.title = fields.title("title");
  pack.carries = fields.texts("carries");
  pack.needs = fields.texts("needs");
  // The engine of rules reads it where it loads them.
  std::ignore = fields.choice("rule_types", {"lenient", "strict"}, "lenient");
  // A folder that nobody reads is a folder that somebody misspelt.
  static const std::set<std::string_view> folders = {"calendars", "cases",   "data",      "docs",
                                                     "layers",    "notices", "pages",     "parameters",
                                                     "registers", "rules",   "scenarios", "sensing"};
  static const std::set<std::string_view> files_known = {"pack.toml", "roles.toml", "synonyms.toml",
                                                         "menu.toml"};
  std::set<std::string_view> told;
  for (const auto& [name, content] : files) {
    const auto slash = name.find('/');
    const std::string_view top = std::string_view(name).substr(0, slash);
    const bool known = slash == std::string::npos
                           ? files_known.contains(top) || top.starts_with("README") || top.starts_with('.')
                           : folders.contains(top);
    if (!known && told.insert(top).second)
      problems.push_back({Problem::Kind::invalid, "pack-fault", shown_path + "/" + std::string(top), "",
                          "pack.toml, roles.toml, synonyms.toml, menu.toml, README and the folders "
                          "calendars, cases, data, docs, layers, notices, pages, parameters, registers, "
                          "rules, scenarios, sensing",
                          "rename or remove it"});
  }
  std::size_t bytes = 0;
  for (const auto& [name, content] : files) bytes += is_declaration(name) ? content.size() : 0;
  if (bytes > declarations_bytes_max) {
    fields.fault("", std::to_string(bytes) + " bytes", "declarations of at most 400 KB",
                 "move entries to data/");
  }
  pack.files = std::move(files);
  return pack;
}

Result<Pack> read_folder(const std::string& folder, Problems& problems) {
  QIPAN_TRY(paths, files_under(folder));
  if (paths.size() > files_max)
    return invalid("pack-too-large", folder, std::to_string(paths.size()), "at most 2,000 files");
  std::map<std::string, Bytes> files;
  for (const std::string& path : paths) {
    QIPAN_TRY(bytes, read_file(std::string(folder).append("/").append(path), file_bytes_max));
    files.emplace(path, std::move(bytes));
  }
  return from_files(std::move(files), folder, problems);
}

Result<std::vector<Pack>> in_order_of_needs(std::vector<Pack> packs) {
  std::vector<Pack> ordered;
  std::set<std::string> known;
  while (!packs.empty()) {
    // Of several that are ready the one with most units comes first: its root is the district's.
    const auto territory = [](const Pack& pack) {
      const auto units = pack.files.find("data/units.csv");
      return units == pack.files.end() ? std::size_t{0} : units->second.size();
    };
    std::stable_sort(packs.begin(), packs.end(),
                     [&](const Pack& a, const Pack& b) { return territory(a) > territory(b); });
    const auto ready = std::find_if(packs.begin(), packs.end(), [&](const Pack& pack) {
      return std::all_of(pack.needs.begin(), pack.needs.end(), [&](const std::string& need) {
        const bool given =
            std::any_of(packs.begin(), packs.end(), [&](const Pack& other) { return other.name == need; });
        return known.contains(need) || !given;  // what is not given may be installed already
      });
    });
    if (ready == packs.end())
      return invalid("packs-circle", packs.front().name, "", "packs that do not need each other in a circle");
    known.insert(ready->name);
    ordered.push_back(std::move(*ready));
    packs.erase(ready);
  }
  return ordered;
}

}  // namespace qipan::pack
