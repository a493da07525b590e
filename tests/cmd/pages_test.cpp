// What packs show, held against what there is: menu, pages and layers.
#include <gtest/gtest.h>

#include "board/pages.hpp"
#include "cmd/scratch.hpp"

using namespace qipan;

namespace {

constexpr const char* register_toml = R"(
name = "pump"
title = { zh = "泵站", en = "Pumps" }
key = "code"
geometry = "point"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
sensitivity = "public"
required = true
[[fields]]
name = "state"
type = "choice"
title = { zh = "状态", en = "State" }
sensitivity = "public"
options = [ { value = "on", title = { zh = "运行", en = "On" } }, { value = "off", title = { zh = "停用", en = "Off" } } ]
[[fields]]
name = "power"
type = "integer"
title = { zh = "功率", en = "Power" }
sensitivity = "public"
[[fields]]
name = "since"
type = "date"
title = { zh = "投用", en = "Since" }
sensitivity = "public"
)";

constexpr const char* page_toml = R"toml(
title = { zh = "泵站", en = "Pumps" }
group = "city"
icon = "water"
[[collections]]
collection = "pump"
columns = ["code", "state", "power"]
sort = "-power,code"
calendar = "since"
kanban = "state"
[[collections.lists]]
name = "on"
title = { zh = "运行中", en = "On" }
filter = "state = 'on' AND since <= {today} AND under(unit, {my_unit})"
[[collections.sections]]
title = { zh = "概况", en = "In brief" }
fields = ["code", "power"]
[[widgets]]
kind = "figure"
title = { zh = "总功率", en = "Power" }
collection = "pump"
of = "sum(power)"
[[widgets]]
kind = "trend"
title = { zh = "投用", en = "Since" }
collection = "pump"
by = "year(since)"
[[widgets]]
kind = "map"
title = { zh = "分布", en = "Where" }
collection = "pump"
[[widgets]]
kind = "text"
title = { zh = "说明", en = "About" }
text = { zh = "示例。", en = "An example." }
)toml";

constexpr const char* layer_toml = R"(
title = { zh = "泵站", en = "Pumps" }
collection = "pump"
by = "state"
label = "code"
)";

std::map<std::string, Bytes> files(const std::map<std::string, std::string>& over) {
  std::map<std::string, Bytes> all = {
      {"pack.toml",
       "name = \"pumps\"\nversion = 1\ntitle = { zh = \"泵站\", en = \"Pumps\" }\nneeds = [\"base\"]\n"},
      {"registers/pump.toml", register_toml},
      {"pages/pumps.toml", page_toml},
      {"layers/pumps.toml", layer_toml}};
  for (const auto& [path, content] : over) all[path] = content;
  return all;
}

std::string with(std::string_view text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string_view::npos) << what;
  return std::string(text.substr(0, at)).append(by).append(text.substr(at + what.size()));
}

/// Of a pack beside `base`, each fault as "place: value".
class Checked {
 public:
  Checked() : scratch(1'780'000'000'000'000) {
    pack::Problems problems;
    scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
    EXPECT_TRUE(problems.empty());
  }
  std::vector<std::string> faults(const std::map<std::string, std::string>& over) {
    pack::Problems problems;
    const auto pack = pack::from_files(files(over), "pumps", problems);
    EXPECT_TRUE(pack.has_value());
    scratch.install(*pack, false, problems);
    std::vector<std::string> told;
    for (const Problem& problem : problems) told.push_back(problem.field + ": " + problem.value);
    return told;
  }
  cmd::Scratch scratch;
};

}  // namespace

TEST(Pages, AreHeldAgainstWhatThereIs) {
  Checked checked;
  EXPECT_EQ(checked.faults({}), std::vector<std::string>());
  const board::ShownInForce shown = board::shown_in_force(checked.scratch.database());
  const auto page = std::find_if(shown.pages.begin(), shown.pages.end(),
                                 [](const auto& one) { return one.name == "pumps"; });
  ASSERT_NE(page, shown.pages.end());
  EXPECT_EQ(page->collections.front().lists.front().name, "on");
  EXPECT_EQ(page->widgets.size(), 4U);
  EXPECT_EQ(shown.layers.front().label, "code");
  EXPECT_GT(shown.groups.size(), 5U);
}

TEST(Pages, FaultsNameFileAndWhatStandsThere) {
  struct Line {
    const char* file;
    const char* what;
    const char* by;
    const char* fault;
  };
  const std::vector<Line> lines = {
      {"pages/pumps.toml", "group = \"city\"", "group = \"town\"", "pages/pumps.toml:1 group: town"},
      {"pages/pumps.toml", "icon = \"water\"", "icon = \"bird\"", "pages/pumps.toml:4 icon: bird"},
      {"pages/pumps.toml", "collection = \"pump\"", "collection = \"pumps\"",
       "pages/pumps.toml:5 collection: pumps"},
      {"pages/pumps.toml", "\"code\", \"state\", \"power\"", "\"code\", \"weight\"",
       "pages/pumps.toml:5 properties: weight"},
      {"pages/pumps.toml", "-power,code", "-weight", "pages/pumps.toml:5 sort: -weight"},
      {"pages/pumps.toml", "calendar = \"since\"", "calendar = \"code\"",
       "pages/pumps.toml:5 calendar: code"},
      {"pages/pumps.toml", "kanban = \"state\"", "kanban = \"power\"", "pages/pumps.toml:5 kanban: power"},
      {"pages/pumps.toml", "state = 'on' AND", "weight > 3 AND", "pages/pumps.toml:11 filter: \"weight\""},
      {"pages/pumps.toml", "{today}", "{tomorrow}", ""},
      {"pages/pumps.toml", "fields = [\"code\", \"power\"]", "fields = [\"weight\"]",
       "pages/pumps.toml:15 fields: weight"},
      {"pages/pumps.toml", "sum(power)", "sum(code)", "pages/pumps.toml:18 of: sum(code)"},
      {"pages/pumps.toml", "year(since)", "year(code)", "pages/pumps.toml:23 by: year(code)"},
      {"pages/pumps.toml", "kind = \"trend\"", "kind = \"gauge\"", "pages/pumps.toml:24 kind: gauge"},
      {"pages/pumps.toml", "name = \"on\"", "name = \"on\"\nfiler = \"x\"", "pages/pumps.toml:13 filer: "},
      {"layers/pumps.toml", "by = \"state\"", "by = \"power\"", "layers/pumps.toml:1 by: power"},
      {"layers/pumps.toml", "label = \"code\"", "label = \"weight\"", "layers/pumps.toml:1 label: weight"},
      {"layers/pumps.toml", "collection = \"pump\"", "collection = \"unit\"",
       "layers/pumps.toml:1 collection: unit"},
  };
  for (const Line& line : lines) {
    Checked checked;
    const bool page = std::string_view(line.file).starts_with("pages/");
    const auto faults =
        checked.faults({{line.file, with(page ? page_toml : layer_toml, line.what, line.by)}});
    ASSERT_FALSE(faults.empty()) << line.by;
    if (*line.fault != '\0') {
      EXPECT_NE(std::find(faults.begin(), faults.end(), line.fault), faults.end())
          << line.by << " told " << faults.front();
    }
  }
  Checked checked;
  for (const auto& [path, fault] : std::map<std::string, std::string>{
           {"pages/Pumps.toml", "pages/Pumps.toml:1: Pumps"}, {"pages/rules.toml", "pages: rules"}}) {
    const auto faults = checked.faults({{path, page_toml}});
    EXPECT_NE(std::find(faults.begin(), faults.end(), fault), faults.end())
        << (faults.empty() ? "nothing" : faults.front());
  }
}

TEST(Pages, FiltersSayWhoseAndWhen) {
  // 2026-05-28T20:26:40Z is the next day in China.
  constexpr Instant now = 1'780'000'000'000'000;
  EXPECT_EQ(board::filled_filter("a = {today} AND b < {now} AND under(u, {my_unit}) AND c LIKE '%{today}%'",
                                 now, "X1"),
            "a = DATE('2026-05-29') AND b < TIMESTAMP('2026-05-28T20:26:40Z') AND under(u, 'X1') AND c LIKE "
            "'%{today}%'");
  EXPECT_EQ(board::filled_filter("name = 'it''s {now}' AND {other} {", now, ""),
            "name = 'it''s {now}' AND {other} {");
}
