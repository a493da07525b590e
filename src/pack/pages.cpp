#include "pack/pages.hpp"

#include <array>
#include <functional>
#include <utility>

namespace qipan::pack {

namespace {

constexpr std::size_t columns_max = 30;
constexpr std::size_t lists_max = 30;
constexpr std::size_t widgets_max = 40;

constexpr auto kinds = std::to_array<std::pair<Widget::Kind, std::string_view>>({
    {Widget::Kind::figure, "figure"},
    {Widget::Kind::trend, "trend"},
    {Widget::Kind::ranking, "ranking"},
    {Widget::Kind::list, "list"},
    {Widget::Kind::map, "map"},
    {Widget::Kind::chart, "chart"},
    {Widget::Kind::calendar, "calendar"},
    {Widget::Kind::text, "text"},
});

/// Reads each file of a folder, and tells the name that the file gives it.
void each_file(const Pack& pack, std::string_view folder, Problems& problems,
               const std::function<void(std::string name, Fields& fields)>& read) {
  constexpr std::string_view ending = ".toml";
  for (const std::string& path : pack.files_in(folder, ending)) {
    const auto document = parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    Fields fields(*document, path, problems);
    const std::string name = path.substr(folder.size() + 1, path.size() - folder.size() - 1 - ending.size());
    if (name.empty() || name.size() > 60 ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
      fields.fault("", name, "a file called by lower-case letters, digits and hyphens", "rename the file");
    read(name, fields);
  }
}

std::vector<std::string> columns_of(Fields& fields, std::string_view key) {
  std::vector<std::string> columns = fields.texts(key);
  if (columns.size() > columns_max) fields.fault(key, std::to_string(columns.size()), "at most 30 columns");
  return columns;
}

SavedList list_of(Fields& fields) {
  SavedList list;
  list.place = fields.place(fields.node());
  list.name = fields.name("name");
  list.title = fields.title("title");
  list.filter = fields.text("filter", false);
  list.sort = fields.text("sort", false);
  list.columns = columns_of(fields, "columns");
  return list;
}

Shown shown_of(Fields& fields) {
  Shown shown;
  shown.place = fields.place(fields.node());
  shown.collection = fields.name("collection");
  shown.columns = columns_of(fields, "columns");
  shown.sort = fields.text("sort", false);
  shown.calendar = fields.text("calendar", false);
  shown.kanban = fields.text("kanban", false);
  std::set<std::string> names;
  for (const Node* node : fields.tables("lists")) {
    Fields list(*node, fields.path(), fields.problems());
    shown.lists.push_back(list_of(list));
    if (!names.insert(shown.lists.back().name).second)
      list.fault("name", shown.lists.back().name, "each list once");
  }
  if (shown.lists.size() > lists_max)
    fields.fault("lists", std::to_string(shown.lists.size()), "at most 30 lists");
  for (const Node* node : fields.tables("sections")) {
    Fields section(*node, fields.path(), fields.problems());
    shown.sections.push_back({.place = section.place(*node),
                              .title = section.title("title"),
                              .fields = section.texts("fields", true)});
  }
  return shown;
}

Widget::Kind kind_of(Fields& fields) {
  std::vector<std::string> words;
  words.reserve(kinds.size());
  for (const auto& [kind, word] : kinds) words.emplace_back(word);
  const std::string word = fields.choice("kind", words, "");
  for (const auto& [kind, name] : kinds)
    if (name == word) return kind;
  return Widget::Kind::figure;
}

Widget widget_of(Fields& fields) {
  Widget widget;
  widget.place = fields.place(fields.node());
  widget.kind = kind_of(fields);
  widget.title = fields.title("title");
  if (widget.kind == Widget::Kind::text) {
    widget.text = fields.title("text");
  } else {
    widget.collection = fields.name("collection");
    widget.filter = fields.text("filter", false);
  }
  using enum Widget::Kind;
  const bool grouped =
      widget.kind == trend || widget.kind == ranking || widget.kind == chart || widget.kind == calendar;
  if (grouped) widget.by = fields.text("by");
  if (widget.kind == figure || (grouped && widget.kind != calendar))
    widget.of = fields.text("of", false, "count");
  if (widget.kind == list) {
    widget.sort = fields.text("sort", false);
    widget.columns = columns_of(fields, "columns");
  }
  if (widget.kind == list || widget.kind == ranking || widget.kind == chart)
    widget.most = fields.integer("most", 10, 1, 50);
  widget.width = fields.integer("width", widget.kind == figure ? 3 : 4, 2, 12);
  return widget;
}

Page page_of(std::string name, Fields& fields) {
  Page page;
  page.name = std::move(name);
  page.place = fields.place(fields.node());
  page.title = fields.title("title");
  page.group = fields.name("group");
  page.icon = fields.choice("icon", icons(), "folder");
  page.order = fields.integer("order", 100, 0, 1'000);
  if (fields.node().find("opens") != nullptr) page.opens = fields.choice("opens", own_pages(), "");
  std::set<std::string> names;
  for (const Node* node : fields.tables("collections")) {
    Fields shown(*node, fields.path(), fields.problems());
    page.collections.push_back(shown_of(shown));
    if (!names.insert(page.collections.back().collection).second)
      shown.fault("collection", page.collections.back().collection, "each collection once");
  }
  for (const Node* node : fields.tables("widgets")) {
    Fields widget(*node, fields.path(), fields.problems());
    page.widgets.push_back(widget_of(widget));
  }
  if (page.widgets.size() > widgets_max)
    fields.fault("widgets", std::to_string(page.widgets.size()), "at most 40 widgets");
  if (page.opens.empty() && page.collections.empty() && page.widgets.empty())
    fields.fault("", page.name, "a page that opens something, or has collections or widgets");
  if (!page.opens.empty() && !(page.collections.empty() && page.widgets.empty()))
    fields.fault("opens", page.opens, "either a page of the program, or collections and widgets");
  return page;
}

}  // namespace

const std::vector<std::string>& icons() {
  static const std::vector<std::string> words = {
      "alert",  "archive", "bell",   "book",   "briefcase", "building", "calendar", "chart",
      "check",  "city",    "clock",  "crane",  "factory",   "file",     "fire",     "flag",
      "folder", "gauge",   "heart",  "home",   "inbox",     "key",      "land",     "law",
      "leaf",   "list",    "map",    "money",  "people",    "phone",    "plan",     "rules",
      "school", "search",  "sensor", "shield", "tools",     "tower",    "truck",    "water"};
  return words;
}

const std::vector<std::string>& own_pages() {
  static const std::vector<std::string> words = {"board",          "field", "sensing",    "rules",
                                                 "administration", "wall",  "statistics", "map"};
  return words;
}

std::string_view name_of(Widget::Kind kind) {
  for (const auto& [one, word] : kinds)
    if (one == kind) return word;
  return {};
}

std::vector<MenuGroup> read_menu(const Pack& pack, Problems& problems) {
  std::vector<MenuGroup> groups;
  const auto file = pack.files.find(std::string(menu_path));
  if (file == pack.files.end()) return groups;
  const auto document = parse_toml(file->first, file->second);
  if (!document) {
    problems.push_back(document.error());
    return groups;
  }
  Fields fields(*document, file->first, problems);
  std::set<std::string> names;
  for (const Node* node : fields.tables("groups")) {
    Fields group(*node, file->first, problems);
    groups.push_back({.name = group.name("name"),
                      .title = group.title("title"),
                      .icon = group.choice("icon", icons(), "folder")});
    if (!names.insert(groups.back().name).second) group.fault("name", groups.back().name, "each group once");
  }
  return groups;
}

std::vector<Page> read_pages(const Pack& pack, Problems& problems) {
  std::vector<Page> pages;
  each_file(pack, "pages", problems,
            [&](std::string name, Fields& fields) { pages.push_back(page_of(std::move(name), fields)); });
  return pages;
}

std::vector<Layer> read_layers(const Pack& pack, Problems& problems) {
  std::vector<Layer> layers;
  each_file(pack, "layers", problems, [&](std::string name, Fields& fields) {
    Layer layer;
    layer.name = std::move(name);
    layer.place = fields.place(fields.node());
    layer.title = fields.title("title");
    layer.collection = fields.name("collection");
    layer.filter = fields.text("filter", false);
    layer.icon = fields.choice("icon", icons(), "map");
    layer.by = fields.text("by", false);
    layer.label = fields.text("label", false);
    layer.zoom = fields.integer("zoom", 0, 0, 22);
    layer.at_once = fields.boolean("at_once", true);
    layers.push_back(std::move(layer));
  });
  return layers;
}

}  // namespace qipan::pack
