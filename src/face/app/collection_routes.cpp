#include <algorithm>

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/parameters.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"
#include "fields/declaration.hpp"
#include "fields/form.hpp"

// One set of routes for all that is found, listed, counted and exported: whatever engine, register or case
// type it is of.

namespace qipan::face {

namespace {

constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 500;
/// A page with long values ends earlier.
constexpr std::size_t page_bytes_max = 2'000'000;

Json property_json(const query::Property& property) {
  const auto column = property.column();
  return Json::object()
      .set("name", property.field.name)
      .set("title", title_json(property.field.title))
      .set("schema", fields::field_schema(property.field))
      .set("kind", column ? Json(query::name_of(column->kind)) : Json())
      .set("of_unit", property.of_unit)
      .set("filterable", column.has_value())
      .set("sortable", column && property.sortable)
      .set("searchable", property.searchable)
      .set("sensitivity", fields::name_of(property.field.sensitivity));
}

Json collection_json(const query::Collection& collection, bool whole) {
  Json json = Json::object()
                  .set("name", collection.name)
                  .set("title", title_json(collection.title))
                  .set("called", collection.called)
                  .set("located", collection.place != query::Collection::Place::none);
  if (!whole) return json;
  Json properties = Json::array();
  for (const query::Property& property : collection.properties) properties.push(property_json(property));
  return json.set("properties", std::move(properties));
}

Response collections(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  Json items = Json::array();
  for (const query::Collection& collection : *at.snapshot.collections) {
    if (Opened::named(at, collection) != nullptr) items.push(collection_json(collection, false));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response collection(Reading& at) {
  const auto opened = Opened::of(at);
  if (!opened) return problem_response(opened.error());
  return json_response(collection_json((*opened)->collection(), true));
}

Json item_json(const Reading& at, const query::Question& question, const query::Row& row) {
  Json item = Json::object().set("id", row.id).set("subject", board::subject_of(row.kind, row.id));
  if (!row.geometry.is_null()) item.set("geometry", row.geometry);
  return item.set("values", shown_values(at, question, row));
}

/// Who may open a cursor, and of which question it is a part.
std::string bound_to(const Reading& at) {
  Json parts = Json::array();
  parts.push(at.caller.actor).push(at.parts[0]);
  for (const std::string_view name : {"filter", "filter-lang", "sort"})
    parts.push(at.request.parameter(name));
  return parts.dump();
}

/// Keys of so many bytes travel in the cursor; longer ones are read from the row again.
constexpr std::size_t cursor_bytes_max = 600;

std::string sealed_cursor(const Reading& at, const query::Cursor& cursor) {
  Json keys = Json::array();
  for (const Json& key : cursor.keys) keys.push(key);
  Json json = Json::object().set("id", cursor.id);
  if (keys.dump().size() <= cursor_bytes_max) json.set("keys", std::move(keys));
  return to_hex(seal(at.app.cursor_key(), json.dump(), bound_to(at)));
}

Result<std::optional<query::Cursor>> cursor_of(const Reading& at, const query::Question& question) {
  const std::string_view text = at.request.parameter("after");
  if (text.empty()) return std::optional<query::Cursor>();
  const auto sealed = from_hex(text);
  const auto plain = sealed ? unseal(at.app.cursor_key(), *sealed, bound_to(at)) : std::nullopt;
  std::optional<query::Cursor> cursor;
  if (plain) {
    const auto json = parse_json(*plain);
    QIPAN_ASSERT(json.has_value());
    if (!json->has("keys")) {
      cursor = question.cursor_behind(at.reader, (*json)["id"].integer());
    } else if ((*json)["keys"].items().size() == question.sorts().size()) {
      cursor = query::Cursor{.keys = (*json)["keys"].items(), .id = (*json)["id"].integer()};
    }
  }
  if (cursor) return cursor;
  return invalid("cursor-unreadable", "after", shortened(text),
                 "the cursor `next` of the page before, of the same reader, filter and order",
                 "start again without it");
}

/// A collection with what the request asks of it.
struct Asking {
  std::unique_ptr<const Opened> opened;
  query::Question question;
};
Result<Asking> asking(const Reading& at) {
  QIPAN_TRY(opened, Opened::of(at));
  QIPAN_TRY(question, opened->question(at));
  return Asking{std::move(opened), std::move(question)};
}

Response items(Reading& at) {
  const auto asked = asking(at);
  if (!asked) return problem_response(asked.error());
  const auto limit = limit_parameter(at, page_default, page_max);
  if (!limit) return problem_response(limit.error());
  const auto after = cursor_of(at, asked->question);
  if (!after) return problem_response(after.error());
  Json items = Json::array();
  Json next;
  query::Cursor last;
  std::size_t bytes = 0;
  std::int64_t count = 0;
  asked->question.each(at.reader, *after, *limit + 1, [&](query::Row row, const query::Cursor& here) {
    if (count == *limit || bytes > page_bytes_max) {
      next = sealed_cursor(at, last);
      return false;
    }
    Json item = item_json(at, asked->question, row);
    bytes += item.dump().size();
    items.push(std::move(item));
    last = here;
    ++count;
    return true;
  });
  return json_response(Json::object().set("items", std::move(items)).set("next", std::move(next)));
}

Response item(Reading& at) {
  const auto one = found(at);
  if (!one) return problem_response(one.error());
  return json_response(item_json(at, one->question, one->row));
}

/// What `line` says of each fact of the item that the path names, oldest first.
Response each_fact(Reading& at, const std::function<Json(const Found&, const log::Log::Found&)>& line) {
  const auto one = found(at);
  if (!one) return problem_response(one.error());
  if (const auto may = may_tell_facts(at, one->opened->collection()); !may)
    return problem_response(may.error());
  Json items = Json::array();
  for (const Position position :
       board::history_of(at.reader, board::subject_of(one->row.kind, one->row.id))) {
    if (const auto fact = log::Log::find(at.reader, position)) items.push(line(*one, *fact));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// Every fact with what of it the reader may see.
Response item_history(Reading& at) {
  return each_fact(at, [&](const Found& one, const log::Log::Found& fact) {
    const auto share = one.row.sees ? log::Audience::sensitive : log::Audience::internal;
    return fact_json(at.reader, fact, masked(fact_body(at, fact.fact, share).value_or(Json::object()), {}));
  });
}

/// Where the receipts of its facts are to be had.
Response item_receipts(Reading& at) {
  return each_fact(at, [](const Found&, const log::Log::Found& fact) {
    return Json::object()
        .set("position", fact.header.position)
        .set("at", format_instant(fact.command.at))
        .set("kind", fact.fact.kind)
        .set("receipt", "/api/v1/log/receipts/" + std::to_string(fact.header.position));
  });
}

/// A filter for what has the subject in that column.
std::string filter_of(const query::Property& property, const std::string& subject) {
  Json arguments = Json::array();
  arguments.push(Json::object().set("property", property.field.name)).push(subject);
  return Json::object().set("op", "=").set("args", std::move(arguments)).dump();
}

/// The collections in which something refers to the item, with the filter that lists it there.
Response item_related(Reading& at) {
  const auto one = found(at);
  if (!one) return problem_response(one.error());
  const std::string subject = board::subject_of(one->row.kind, one->row.id);
  Json items = Json::array();
  for (const query::Collection& collection : *at.snapshot.collections) {
    if (!collection.kind_sql.empty()) continue;
    std::unique_ptr<const Opened> opened;
    for (const query::Property& property : collection.properties) {
      const auto& to = property.field.to;
      if (std::find(to.begin(), to.end(), one->row.kind) == to.end()) continue;
      if (opened == nullptr) opened = Opened::named(at, collection);
      if (opened == nullptr) break;
      const std::string filter = filter_of(property, subject);
      const auto question = query::Question::ask(
          collection, opened->sight(), {.filter = filter, .filter_is_json = true, .properties = "none"});
      if (!question) continue;  // personal: nobody asks for it
      const std::int64_t count = question->total(at.reader);
      if (count == 0) continue;
      items.push(Json::object()
                     .set("collection", collection.name)
                     .set("title", title_json(collection.title))
                     .set("property", property.field.name)
                     .set("property_title", title_json(property.field.title))
                     .set("count", count)
                     .set("filter", filter));
    }
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response totals(Reading& at) {
  const auto asked = asking(at);
  if (!asked) return problem_response(asked.error());
  return json_response(Json::object().set("count", asked->question.total(at.reader)));
}

Response groups(Reading& at) {
  auto asked = asking(at);
  if (!asked) return problem_response(asked.error());
  const auto grouping = asked->question.grouping(at.request.parameter("by"), at.request.parameter("of"));
  if (!grouping) return problem_response(grouping.error());
  const auto found = asked->question.groups(at.reader, *grouping);
  if (!found) return problem_response(found.error());
  Json items = Json::array();
  // Of rows that the reader does not see unmasked there are none here.
  const query::Row seen;
  for (const query::Group& group : *found) {
    Json by = Json::object();
    for (std::size_t i = 0; i < group.by.size(); ++i) {
      const auto& one = grouping->by[i];
      by.set(one.name(), one.part.empty() ? shown_value(at, *one.property, seen, group.by[i]) : group.by[i]);
    }
    Json of = Json::array();
    for (const Json& value : group.of) of.push(value);
    items.push(Json::object().set("by", std::move(by)).set("of", std::move(of)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

template <Response (*file)(Reading&, const Opened&, const query::Question&)>
Response as_file(Reading& at) {
  const auto asked = asking(at);
  if (!asked) return problem_response(asked.error());
  return file(at, *asked->opened, asked->question);
}

Json item_shape() {
  return shape::object({{"id", shape::integer()},
                        {"subject", shape::text()},
                        {"geometry?", shape::any()},
                        {"values", shape::map(shape::any())}});
}

Json collection_shape() {
  return shape::object({{"name", shape::text()},
                        {"title", shape::title()},
                        {"called", shape::text()},
                        {"located", shape::boolean()}});
}

Json property_shape() {
  return shape::object({{"name", shape::text()},
                        {"title", shape::title()},
                        {"schema", shape::field()},
                        {"kind", shape::nullable(shape::text())},
                        {"of_unit", shape::boolean()},
                        {"filterable", shape::boolean()},
                        {"sortable", shape::boolean()},
                        {"searchable", shape::boolean()},
                        {"sensitivity", shape::text()}});
}

/// Of one item.
void add_item_routes(RouteTable& table) {
  table.read("/api/v1/collections/{collection}/items/{id}", "one item", item).answers(item_shape());
  table.read("/api/v1/collections/{collection}/items/{id}/history", "every fact of an item", item_history)
      .answers(shape::items(shape::fact(shape::map(shape::any()))));
  table
      .read("/api/v1/collections/{collection}/items/{id}/receipts", "where the receipts of its facts are",
            item_receipts)
      .answers(shape::items(shape::object({{"position", shape::integer()},
                                           {"at", shape::instant()},
                                           {"kind", shape::text()},
                                           {"receipt", shape::text()}})));
  table
      .read("/api/v1/collections/{collection}/items/{id}/related",
            "what refers to an item, by collection and column, with the filter (cql2-json) that lists it",
            item_related)
      .answers(shape::items(shape::object({{"collection", shape::text()},
                                           {"title", shape::title()},
                                           {"property", shape::text()},
                                           {"property_title", shape::title()},
                                           {"count", shape::integer()},
                                           {"filter", shape::text()}})));
}

}  // namespace

void add_collection_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  const Make filter =
      Make("filter", types::long_text()).most(12'000).means("CQL2 (OGC 21-065r2); see docs/querying.md");
  const Make language = Make("filter-lang", types::choice()).options({"cql2-text", "cql2-json"});
  const Make sort =
      Make("sort", types::text()).most(300).means("up to three columns, - before one for the greatest first");
  const Make chosen =
      Make("properties", types::long_text()).most(10'000).means("names of columns; all without");
  const Make grouped =
      Make("by", types::text())
          .most(300)
          .means(
              "up to three columns, or of dates and times year(x), quarter(x), month(x), week(x), day(x), "
              "weekday(x), hour(x); without it all as one group");
  const Make words = Make("language", types::choice()).options({"zh", "en"});
  table.read("/api/v1/collections", "what there is to be found", collections)
      .answers(shape::items(collection_shape()));
  table.read("/api/v1/collections/{collection}", "its columns", collection)
      .answers(shape::with(collection_shape(), {{"properties", shape::list(property_shape())}}));
  table.read("/api/v1/collections/{collection}/items", "its items, filtered and in order", items)
      .answers(shape::page(item_shape()))
      .parameters({filter, language, sort, chosen, Make("after", types::text()).most(4'000),
                   Make("limit", types::integer())});
  add_item_routes(table);
  table.read("/api/v1/collections/{collection}/totals", "how many items there are", totals)
      .answers(shape::object({{"count", shape::integer()}}))
      .parameters({filter, language});
  table.read("/api/v1/collections/{collection}/groups", "items counted and summed by columns", groups)
      .answers(shape::items(
          shape::object({{"by", shape::map(shape::any())}, {"of", shape::list(shape::value())}})))
      .parameters(
          {filter, language, grouped,
           Make("of", types::text())
               .most(600)
               .means("count, distinct(x), sum(x), avg(x), min(x), max(x), median(x), p90(x) (p1 to p99), "
                      "share, share(x)")});
  table
      .read("/api/v1/collections/{collection}/items.csv", "the same as CSV, whole or refused with the number",
            as_file<csv_file>)
      .spooling()
      .gives_type("text/csv")
      .parameters({filter, language, sort, chosen, words});
  table.read("/api/v1/collections/{collection}/items.xlsx", "the same as a workbook", as_file<xlsx_file>)
      .spooling()
      .gives_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
      .parameters({filter, language, sort, chosen, words,
                   Make("edit", types::boolean())
                       .means("to be changed and sent to POST /api/v1/imports: with "
                              "numbers, versions and lists of choices")});
  table
      .read("/api/v1/collections/{collection}/items.geojson", "the same on a map (RFC 7946)",
            as_file<geojson_file>)
      .spooling()
      .gives_type("application/geo+json")
      .parameters({filter, language, sort, chosen});
}

}  // namespace qipan::face
