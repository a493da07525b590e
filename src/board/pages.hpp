#pragma once

#include "board/engine.hpp"
#include "pack/pages.hpp"

namespace qipan::board {

/// Holds a pack's menu, pages and layers against the collections that there will be: every name is a
/// collection or a column of one, every filter, order and sum is taken as a reader's would be, no page or
/// layer is called like another pack's, and each stands in a group that there is.
void check_pages(PackCheck& check);

/// What all packs in force show.
struct ShownInForce {
  std::vector<pack::MenuGroup> groups;
  std::vector<pack::Page> pages;  // by order, then name
  std::vector<pack::Layer> layers;
};
[[nodiscard]] ShownInForce shown_in_force(Database& database);

/// A CQL2 text with what it says of the reader and of now, outside of texts in quotation marks: {now},
/// {today} (the day in China), {my_unit}, which no unit is where the code is empty.
[[nodiscard]] std::string filled_filter(std::string_view filter, Instant now, std::string_view unit_code);

}  // namespace qipan::board
