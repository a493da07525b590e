#include "board/pages.hpp"
#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/shapes.hpp"

// What packs show, as far as a reader may read it: the navigation with its lists and boards, and what the map
// has.

namespace qipan::face {

namespace {

/// Which collections the reader finds anything of, by name.
class Readable {
 public:
  explicit Readable(const Reading& at) : at_(at) {}
  [[nodiscard]] const query::Collection* find(std::string_view name) {
    const auto known = known_.find(name);
    if (known != known_.end()) return known->second;
    const query::Collection* found = nullptr;
    for (const query::Collection& one : *at_.snapshot.collections)
      if (one.name == name && Opened::named(at_, one) != nullptr) found = &one;
    return known_.emplace(name, found).first->second;
  }

 private:
  const Reading& at_;
  std::map<std::string, const query::Collection*, std::less<>> known_;
};

Json texts(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const std::string& word : words) list.push(word);
  return list;
}

/// Words that may be chosen among, as a schema.
Json one_of(const std::vector<std::string>& words) {
  return Json::object().set("type", "string").set("enum", texts(words));
}

Json shown_json(const pack::Shown& shown, const query::Collection& collection) {
  Json lists = Json::array();
  for (const pack::SavedList& list : shown.lists)
    lists.push(Json::object()
                   .set("name", list.name)
                   .set("title", title_json(list.title))
                   .set("filter", list.filter)
                   .set("sort", list.sort)
                   .set("columns", texts(list.columns)));
  Json sections = Json::array();
  for (const pack::Section& section : shown.sections)
    sections.push(
        Json::object().set("title", title_json(section.title)).set("fields", texts(section.fields)));
  return Json::object()
      .set("collection", shown.collection)
      .set("title", title_json(collection.title))
      .set("located", collection.place != query::Collection::Place::none)
      .set("columns", texts(shown.columns))
      .set("sort", shown.sort)
      .set("calendar", shown.calendar)
      .set("kanban", shown.kanban)
      .set("lists", std::move(lists))
      .set("sections", std::move(sections));
}

Json widget_json(const pack::Widget& widget) {
  return Json::object()
      .set("kind", pack::name_of(widget.kind))
      .set("title", title_json(widget.title))
      .set("text", title_json(widget.text))
      .set("collection", widget.collection)
      .set("filter", widget.filter)
      .set("by", widget.by)
      .set("of", widget.of)
      .set("sort", widget.sort)
      .set("columns", texts(widget.columns))
      .set("most", widget.most)
      .set("width", widget.width);
}

/// A page with what the reader may read of it; null where that is nothing. What a page of the program itself
/// shows is decided by its own rights.
Json page_json(const pack::Page& page, Readable& readable) {
  Json collections = Json::array();
  for (const pack::Shown& shown : page.collections) {
    if (const auto* collection = readable.find(shown.collection))
      collections.push(shown_json(shown, *collection));
  }
  Json widgets = Json::array();
  bool only_words = true;
  for (const pack::Widget& widget : page.widgets) {
    const bool words = widget.kind == pack::Widget::Kind::text;
    if (!words && readable.find(widget.collection) == nullptr) continue;
    only_words = only_words && words;
    widgets.push(widget_json(widget));
  }
  if (page.opens.empty() && collections.items().empty() && only_words) return {};
  return Json::object()
      .set("name", page.name)
      .set("title", title_json(page.title))
      .set("icon", page.icon)
      .set("opens", page.opens)
      .set("collections", std::move(collections))
      .set("widgets", std::move(widgets));
}

Response pages(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  Readable readable(at);
  Json groups = Json::array();
  for (const pack::MenuGroup& group : at.snapshot.shown->groups) {
    Json shown = Json::array();
    for (const pack::Page& page : at.snapshot.shown->pages) {
      if (page.group != group.name) continue;
      Json json = page_json(page, readable);
      if (!json.is_null()) shown.push(std::move(json));
    }
    if (shown.items().empty()) continue;
    groups.push(Json::object()
                    .set("name", group.name)
                    .set("title", title_json(group.title))
                    .set("icon", group.icon)
                    .set("pages", std::move(shown)));
  }
  Json layers = Json::array();
  for (const pack::Layer& layer : at.snapshot.shown->layers) {
    if (readable.find(layer.collection) == nullptr) continue;
    layers.push(Json::object()
                    .set("name", layer.name)
                    .set("title", title_json(layer.title))
                    .set("collection", layer.collection)
                    .set("filter", layer.filter)
                    .set("icon", layer.icon)
                    .set("by", layer.by)
                    .set("label", layer.label)
                    .set("zoom", layer.zoom)
                    .set("at_once", layer.at_once));
  }
  return json_response(Json::object().set("groups", std::move(groups)).set("layers", std::move(layers)));
}

Json shown_shape() {
  return shape::object({{"collection", shape::text()},
                        {"title", shape::title()},
                        {"located", shape::boolean()},
                        {"columns", shape::list(shape::text())},
                        {"sort", shape::text()},
                        {"calendar", shape::text()},
                        {"kanban", shape::text()},
                        {"lists", shape::list(shape::object({{"name", shape::text()},
                                                             {"title", shape::title()},
                                                             {"filter", shape::text()},
                                                             {"sort", shape::text()},
                                                             {"columns", shape::list(shape::text())}}))},
                        {"sections", shape::list(shape::object({{"title", shape::title()},
                                                                {"fields", shape::list(shape::text())}}))}});
}

Json widget_shape() {
  return shape::object(
      {{"kind", shape::choice({"figure", "trend", "ranking", "list", "map", "chart", "calendar", "text"})},
       {"title", shape::title()},
       {"text", shape::title()},
       {"collection", shape::text()},
       {"filter", shape::text()},
       {"by", shape::text()},
       {"of", shape::text()},
       {"sort", shape::text()},
       {"columns", shape::list(shape::text())},
       {"most", shape::integer()},
       {"width", shape::integer()}});
}

}  // namespace

void add_page_routes(RouteTable& table) {
  std::vector<std::string> opens = pack::own_pages();
  opens.emplace_back();
  const Json icon = one_of(pack::icons());
  table
      .read("/api/v1/pages", "what packs show: the navigation with lists and boards, layers of the map",
            pages)
      .answers(shape::object(
          {{"groups",
            shape::list(shape::object(
                {{"name", shape::text()},
                 {"title", shape::title()},
                 {"icon", icon},
                 {"pages", shape::list(shape::object({{"name", shape::text()},
                                                      {"title", shape::title()},
                                                      {"icon", icon},
                                                      {"opens", one_of(opens)},
                                                      {"collections", shape::list(shown_shape())},
                                                      {"widgets", shape::list(widget_shape())}}))}}))},
           {"layers", shape::list(shape::object({{"name", shape::text()},
                                                 {"title", shape::title()},
                                                 {"collection", shape::text()},
                                                 {"filter", shape::text()},
                                                 {"icon", icon},
                                                 {"by", shape::text()},
                                                 {"label", shape::text()},
                                                 {"zoom", shape::integer()},
                                                 {"at_once", shape::boolean()}}))}}));
}

}  // namespace qipan::face
