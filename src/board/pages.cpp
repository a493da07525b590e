#include "board/pages.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "board/collections.hpp"
#include "board/pack_engine.hpp"
#include "query/question.hpp"

namespace qipan::board {

namespace {

/// Which units a district has, a pack that is looked at cannot know: each code stands for one.
class EveryUnit final : public query::UnitNames {
 public:
  [[nodiscard]] std::string code_of(std::int64_t) const override { return "-"; }
  [[nodiscard]] std::int64_t unit_of(std::string_view) const override { return 1; }
  [[nodiscard]] bool is_under(std::int64_t, std::int64_t) const override { return false; }
  [[nodiscard]] std::vector<std::int64_t> under(std::int64_t) const override { return {}; }
};

/// What files say, held against collections; complaints name file and line.
class Checking {
 public:
  explicit Checking(PackCheck& check) : check_(check), seen_(all_, units_) {
    all_.reserve(check.collections.size());
    for (const auto& [name, collection] : check.collections) all_.push_back(collection);
  }

  /// What follows stands there.
  Checking& at(const std::string& place) {
    place_ = place;
    return *this;
  }
  [[nodiscard]] const query::Collection* collection(const std::string& name) {
    const auto known = check_.collections.find(name);
    if (known != check_.collections.end()) return &known->second;
    if (!name.empty())
      fault("collection", name, "a register, a case type or a collection of the program",
            "mend the name, or name the pack that has it in needs");
    return nullptr;
  }

  void asked(const query::Collection& collection, const std::string& filter, const std::string& sort,
             const std::vector<std::string>& columns) {
    std::string properties;
    for (const std::string& column : columns) properties += (properties.empty() ? "" : ",") + column;
    // One after the other: the first that is refused would hide the others.
    ask(collection, {.filter = filled_filter(filter, 0, "-")}, filter);
    ask(collection, {.sort = sort}, sort);
    ask(collection, {.properties = properties}, properties);
  }
  void grouped(const query::Collection& collection, const std::string& by, const std::string& of) {
    auto question = query::Question::ask(collection, seen_.sight(), {});
    if (!question) return;
    if (const auto grouping = question->grouping(by, of); !grouping)
      fault(grouping.error().field, grouping.error().value, grouping.error().rule, "");
  }
  /// A column of that name, where one is wanted.
  void column(const query::Collection& collection, std::string_view key, const std::string& name,
              const std::function<bool(const query::Property&)>& fits, std::string rule) {
    if (name.empty()) return;
    const query::Property* property = collection.property(name);
    if (property == nullptr || !fits(*property))
      fault(key, name, std::move(rule), "see the columns of " + collection.name);
  }
  void fault(std::string_view key, const std::string& value, std::string rule, std::string remedy) {
    check_.problems.push_back({Problem::Kind::invalid, "pack-fault", place_ + " " + std::string(key), value,
                               std::move(rule), std::move(remedy)});
  }

 private:
  void ask(const query::Collection& collection, const query::Asked& asked, const std::string& said) {
    if (said.empty()) return;
    const auto question = query::Question::ask(collection, seen_.sight(), asked);
    if (!question)
      fault(question.error().field, question.error().value.empty() ? said : question.error().value,
            question.error().rule, question.error().remedy);
  }

  PackCheck& check_;
  std::string place_;
  EveryUnit units_;
  std::vector<query::Collection> all_;
  AllSeen seen_;
};

bool is_day(const query::Property& property) {
  const auto column = property.column();
  return column && (column->kind == query::Kind::date || column->kind == query::Kind::moment);
}
bool is_any(const query::Property&) {
  return true;
}
/// Whether it has few values, each of which has a name.
bool is_named(const query::Property& property) {
  const std::string_view type = property.field.type->name();
  return type == "choice" || type == "boolean" || property.of_unit;
}

void check_shown(Checking& checking, const pack::Shown& shown) {
  const query::Collection* collection = checking.at(shown.place).collection(shown.collection);
  if (collection == nullptr) return;
  checking.asked(*collection, "", shown.sort, shown.columns);
  checking.column(*collection, "calendar", shown.calendar, is_day, "a column of days or times");
  checking.column(*collection, "kanban", shown.kanban, is_named, "a column of choices, states or units");
  for (const pack::SavedList& list : shown.lists)
    checking.at(list.place).asked(*collection, list.filter, list.sort, list.columns);
  for (const pack::Section& section : shown.sections) {
    for (const std::string& field : section.fields)
      checking.at(section.place)
          .column(*collection, "fields", field, is_any, "a field of " + collection->name);
  }
}

void check_widget(Checking& checking, const pack::Widget& widget) {
  using enum pack::Widget::Kind;
  if (widget.kind == text) return;
  const query::Collection* collection = checking.at(widget.place).collection(widget.collection);
  if (collection == nullptr) return;
  checking.asked(*collection, widget.filter, widget.sort, widget.columns);
  if (widget.kind == calendar) {
    checking.column(*collection, "by", widget.by, is_day, "a column of days or times");
  } else if (!widget.by.empty()) {
    checking.grouped(*collection, widget.by, widget.of);
  } else if (!widget.of.empty()) {
    // A figure is a group of one.
    checking.grouped(*collection, "", widget.of);
  }
  if (widget.kind == map && collection->place == query::Collection::Place::none)
    checking.fault("collection", widget.collection, "a collection whose subjects lie somewhere", "");
}

void check_layer(Checking& checking, const pack::Layer& layer) {
  const query::Collection* collection = checking.at(layer.place).collection(layer.collection);
  if (collection == nullptr) return;
  checking.asked(*collection, layer.filter, "", {});
  checking.column(*collection, "by", layer.by, is_named, "a column of choices, states or units");
  checking.column(*collection, "label", layer.label, is_any, "a column");
  if (collection->place == query::Collection::Place::none)
    checking.fault("collection", layer.collection, "a collection whose subjects lie somewhere", "");
}

/// Reads the files of a pack that tell what it shows, and no others.
pack::Pack shown_files(Database& database, const std::string& name, std::int64_t version) {
  pack::Pack pack;
  pack.name = name;
  auto statement = database.prepare(
      "SELECT path, content FROM pack_files WHERE name=? AND version=? AND (path='menu.toml' OR path LIKE "
      "'pages/%' OR path LIKE 'layers/%')");
  statement.bind(name).bind(version);
  while (statement.step()) pack.files.emplace(statement.text(0), statement.text(1));
  return pack;
}

/// Those of all packs but one.
ShownInForce shown_without(Database& database, std::string_view without) {
  ShownInForce all;
  // What older packs said that this program does not take means nothing.
  pack::Problems ignored;
  const auto add = [](auto& to, auto from) {
    for (auto& one : from) to.push_back(std::move(one));
  };
  // Also what the set that is being put in force has before this pack.
  for (const InstalledPack& installed : installed_packs(database)) {
    if (installed.name == without) continue;
    const pack::Pack pack = shown_files(database, installed.name, installed.version);
    add(all.groups, pack::read_menu(pack, ignored));
    add(all.pages, pack::read_pages(pack, ignored));
    add(all.layers, pack::read_layers(pack, ignored));
  }
  return all;
}

/// Notes each that has the name of another.
template <typename One>
void check_names(PackCheck& check, const std::vector<One>& own, const std::vector<One>& others,
                 std::string_view folder) {
  for (const One& one : own) {
    const bool taken =
        std::any_of(others.begin(), others.end(), [&](const One& other) { return other.name == one.name; });
    if (taken)
      check.problems.push_back({Problem::Kind::conflict, "pack-fault", std::string(folder), one.name,
                                "a name that no other pack has there", "call it otherwise"});
  }
}

}  // namespace

void check_pages(PackCheck& check) {
  const auto groups = pack::read_menu(check.pack, check.problems);
  const auto pages = pack::read_pages(check.pack, check.problems);
  const auto layers = pack::read_layers(check.pack, check.problems);
  if (groups.empty() && pages.empty() && layers.empty()) return;
  const ShownInForce others = shown_without(check.database, check.pack.name);
  check_names(check, groups, others.groups, "menu.toml");
  check_names(check, pages, others.pages, "pages");
  check_names(check, layers, others.layers, "layers");
  const auto has_group = [&](const std::string& name) {
    const auto is = [&](const pack::MenuGroup& group) { return group.name == name; };
    return std::any_of(groups.begin(), groups.end(), is) ||
           std::any_of(others.groups.begin(), others.groups.end(), is);
  };
  Checking checking(check);
  for (const pack::Page& page : pages) {
    if (!page.group.empty() && !has_group(page.group))
      checking.at(page.place)
          .fault("group", page.group, "a group of menu.toml, of this pack or an installed one",
                 "mend the name, or name the pack that has it in needs");
    for (const pack::Shown& shown : page.collections) check_shown(checking, shown);
    for (const pack::Widget& widget : page.widgets) check_widget(checking, widget);
  }
  for (const pack::Layer& layer : layers) check_layer(checking, layer);
}

ShownInForce shown_in_force(Database& database) {
  ShownInForce all = shown_without(database, {});
  const auto by_order = [](const pack::Page& a, const pack::Page& b) {
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  };
  std::sort(all.pages.begin(), all.pages.end(), by_order);
  return all;
}

std::string filled_filter(std::string_view filter, Instant now, std::string_view unit_code) {
  const std::pair<std::string_view, std::string> marks[] = {
      {"{now}", "TIMESTAMP('" + format_instant(now) + "')"},
      {"{today}", "DATE('" + format_day(china_day_of(now)) + "')"},
      {"{my_unit}", "'" + std::string(unit_code) + "'"},
  };
  std::string out;
  bool quoted = false;
  while (!filter.empty()) {
    const auto mark = std::find_if(std::begin(marks), std::end(marks),
                                   [&](const auto& one) { return !quoted && filter.starts_with(one.first); });
    if (mark != std::end(marks)) {
      out += mark->second;
      filter.remove_prefix(mark->first.size());
      continue;
    }
    if (filter.front() == '\'') quoted = !quoted;
    out += filter.front();
    filter.remove_prefix(1);
  }
  return out;
}

}  // namespace qipan::board
