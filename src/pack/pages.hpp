#pragma once

#include "pack/pack.hpp"

// What a pack shows: where it stands in the navigation, which columns its lists have, what its boards tell,
// what the map has of it. All of it is about collections, whatever engine these are of; the board holds each
// name and filter against them.

namespace qipan::pack {

/// menu.toml: the groups of the navigation, in order.
inline constexpr std::string_view menu_path = "menu.toml";

/// One set of pictures for menus and layers, called as the pages call them.
[[nodiscard]] const std::vector<std::string>& icons();
/// Pages of the program itself that a menu entry may open.
[[nodiscard]] const std::vector<std::string>& own_pages();

struct MenuGroup {
  std::string name;
  Title title;
  std::string icon;
};

/// A chosen part of a collection, which readers open as a tab.
struct SavedList {
  std::string place;  // file and line, for complaints
  std::string name;
  Title title;
  std::string filter;  // CQL2
  std::string sort;
  std::vector<std::string> columns;  // none: as the page has them
};

struct Section {
  std::string place;
  Title title;
  std::vector<std::string> fields;
};

/// How a page shows a collection.
struct Shown {
  std::string place;
  std::string collection;
  std::vector<std::string> columns;
  std::string sort;
  std::string calendar;  // the column of days that the calendar goes by
  std::string kanban;    // the column whose values are the board's lanes
  std::vector<SavedList> lists;
  std::vector<Section> sections;
};

/// One thing that a board tells, and the list that it opens.
struct Widget {
  std::string place;
  enum class Kind { figure, trend, ranking, list, map, chart, calendar, text };
  Kind kind = Kind::figure;
  Title title;
  Title text;
  std::string collection;
  std::string filter;
  std::string by;  // what is grouped by
  std::string of;  // count, sum(staff)
  std::string sort;
  std::vector<std::string> columns;
  std::int64_t most = 10;
  std::int64_t width = 4;  // of twelve columns
};
[[nodiscard]] std::string_view name_of(Widget::Kind kind);

/// One entry of the navigation. Called by its file, once in the district.
struct Page {
  std::string name;
  std::string place;
  Title title;
  std::string group;
  std::string icon;
  std::int64_t order = 0;
  std::string opens;  // a page of the program itself; empty: what is declared here
  std::vector<Shown> collections;
  std::vector<Widget> widgets;
};

/// What the map shows of a collection.
struct Layer {
  std::string name;
  std::string place;
  Title title;
  std::string collection;
  std::string filter;
  std::string icon;
  std::string by;     // a column of few values, which colours tell apart
  std::string label;  // a column whose text stands beside each
  std::int64_t zoom = 0;
  bool at_once = true;  // drawn when the map opens
};

/// Problems name file and line; what is missing is left as it is by default.
[[nodiscard]] std::vector<MenuGroup> read_menu(const Pack& pack, Problems& problems);
[[nodiscard]] std::vector<Page> read_pages(const Pack& pack, Problems& problems);
[[nodiscard]] std::vector<Layer> read_layers(const Pack& pack, Problems& problems);

}  // namespace qipan::pack
