#include <map>
#include <set>

#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/sensing_json.hpp"
#include "face/app/shapes.hpp"
#include "sensing/queries.hpp"
#include "sensing/series.hpp"

namespace qipan::face {

namespace {

/// Facts that one answer looks through at most; a page that is further behind reads everything again.
constexpr std::size_t facts_max = 5'000;
constexpr std::size_t cases_max = 1'000;
constexpr std::int64_t changes_page_max = 2'000;
/// Values that one answer looks through at most, and streams that it tells of; over it the page reads them
/// anew.
constexpr std::size_t samples_max = 100'000;
constexpr std::size_t streams_max = 2'000;

constexpr const char* components[] = {"id",      "type", "state", "open", "class",       "lamp",   "due",
                                      "created", "x",    "y",     "unit", "responsible", "summary"};

/// A case in few bytes: ten thousand of them stand on a board.
Json line_of(const cases::CaseRow& row, const board::Directory& directory, const Sight& sight) {
  const auto code = [&](UnitId id) {
    const board::Unit* unit = directory.unit(id);
    return unit == nullptr ? Json() : Json(unit->code);
  };
  const auto number = [](const std::optional<std::int64_t>& value) { return value ? Json(*value) : Json(); };
  Json line = Json::array();
  line.push(row.id.value).push(row.type).push(row.state).push(row.open).push(row.case_class).push(row.lamp);
  line.push(instant_json(row.due)).push(format_instant(row.created)).push(number(row.x)).push(number(row.y));
  line.push(code(row.unit)).push(code(row.responsible));
  const bool hidden = sight.hidden(row).contains("description");
  const Json& description = row.fields["description"];
  line.push(description.is_text() && !hidden ? shortened(description.text(), 120) : row.place);
  return line;
}

Json components_json() {
  Json names = Json::array();
  for (const char* name : components) names.push(name);
  return names;
}

/// Open cases, newest first, by pages; the position of the first page is where changes begin.
Response lines(Reading& at) {
  const auto reach = reach_for(at, "read", "case");
  if (!reach) return problem_response(reach.error());
  cases::CaseFilter filter;
  filter.open = true;
  filter.limit = changes_page_max;
  filter.after = std::string(at.request.parameter("after"));
  const auto page = cases::list_cases(at.reader, filter, *reach, at.snapshot.directory);
  if (!page) return problem_response(page.error());
  const Sight sight(at);
  Json rows = Json::array();
  for (const auto& row : page->rows) rows.push(line_of(row, at.snapshot.directory, sight));
  Json json = Json::object();
  json.set("position", log::Log::size(at.reader))
      .set("components", components_json())
      .set("rows", std::move(rows));
  return json_response(json.set("next", page->next.empty() ? Json() : Json(page->next)));
}

/// What facts from a position on have touched.
struct Touched {
  std::set<std::int64_t> cases;
  std::map<StreamId, sensing::Sample> streams;  // the newest of what came
  std::size_t samples = 0;
  bool all_streams = false;
  bool alarms = false;
  bool everything = false;
};

void note_block(std::string_view body, Touched& touched) {
  if (touched.all_streams) return;
  const auto note = [&](StreamId stream, std::span<const sensing::Sample> samples) {
    touched.samples += samples.size();
    for (const sensing::Sample& sample : samples) {
      sensing::Sample& newest = touched.streams.emplace(stream, sample).first->second;
      if (sample.time >= newest.time) newest = sample;
    }
  };
  // A block that was redacted says nothing.
  std::ignore = sensing::each_in_block(body, note);
  touched.all_streams = touched.samples > samples_max || touched.streams.size() > streams_max;
}

/// What changes the frame of the board for this reader: units, packs, stations, or what they may see. Not a
/// draft, a lamp post, or somebody else's password.
bool changes_all(const board::FactType* type, const log::FactRecord& fact, const std::string& reader) {
  const board::Subject subject = board::Subject::of(fact.subject);
  if (board::engine_of(fact.kind) == "register") return sensing::keeps_entries_of(subject.kind);
  if (type == nullptr || !type->configures) return false;
  return board::engine_of(fact.kind) == "pack" || subject.kind == "unit" || fact.subject == reader ||
         fact.kind == "unit.deputy_set" || fact.kind == "unit.absence_set" ||
         fact.kind == "unit.absence_ended";
}

void note_fact(const board::FactType* type, const log::FactRecord& fact, const std::string& reader,
               Touched& touched) {
  if (board::engine_of(fact.kind) == "case") {
    if (const std::int64_t id = board::Subject::of(fact.subject).id(); id != 0) touched.cases.insert(id);
  } else if (fact.subject.starts_with("alarm:")) {
    touched.alarms = true;
  } else if (fact.kind == "sensing.observed") {
    note_block(fact.block(), touched);
  } else if (changes_all(type, fact, reader)) {
    touched.everything = true;
  }
}

Touched touched_since(const Reading& at, Position from, bool streams) {
  const auto& engines = at.app.district().board().engines();
  const std::string person =
      board::subject_of("person", at.snapshot.directory.person_of(at.caller.actor).value);
  Touched touched;
  touched.all_streams = !streams;  // who may not read them gets none
  std::size_t facts = 0;
  const auto read = log::Log::read(at.reader, from, [&](const log::Batch& batch) {
    Position position = batch.first;
    for (const auto& command : batch.commands) {
      for (const auto& fact : command.facts) {
        if (position++ < from) continue;
        if (++facts > facts_max || touched.cases.size() > cases_max) {
          touched.everything = true;
          return false;
        }
        note_fact(board::find_fact_type(engines, fact.kind), fact, person, touched);
      }
    }
    return !touched.everything;
  });
  if (!read) touched.everything = true;
  return touched;
}

/// [datastream, phenomenonTime, result, resultQuality] of what came, as far as the caller may read it.
Json values_of(const Reading& at, const Touched& touched) {
  Json values = Json::array();
  const auto scope = at.snapshot.directory.scope(at.caller.actor, "read", "stream");
  if (touched.all_streams || scope.empty()) return values;
  for (const auto& [id, sample] : touched.streams) {
    const auto row = sensing::find_stream_alone(at.reader, id);
    if (!row || !scope.has(row->unit)) continue;
    Json value = Json::array();
    value.push(id.value).push(format_instant(sample.time));
    value.push(result_json(at.reader, *row, sample)).push(sensing::quality_name(sample.flags));
    values.push(std::move(value));
  }
  return values;
}

/// Whether the caller saw the case when `since` was the end of the log: where it then lay and who answered.
bool was_visible(Reading& at, const cases::CaseRow& row, Position since, const board::Scope& scope) {
  std::optional<UnitId> unit;
  std::optional<UnitId> responsible;
  const auto history = board::history_of(at.reader, row.subject());
  for (auto position = history.rbegin(); position != history.rend() && !(unit && responsible); ++position) {
    if (*position >= since) continue;
    const auto found = log::Log::find(at.reader, *position);
    const auto body = found ? fact_body(at, found->fact, log::Audience::internal) : Result<Json>(Json());
    if (!body || !body->is_object()) continue;
    // What a newer export said otherwise stands in `now`.
    for (const Json* said : {&*body, &(*body)["now"]})
      if (!unit && said->is_object() && said->has("unit")) unit = UnitId{said->integer_or("unit", 0)};
    if (!responsible && body->has("responsible")) responsible = UnitId{body->integer_or("responsible", 0)};
  }
  return (unit && scope.has(*unit)) || (responsible && *responsible && scope.has(*responsible));
}

Response changes(Reading& at) {
  const Sight sight(at);
  const auto reach = reach_for(at, "read", "case");
  if (!reach) return problem_response(reach.error());
  const auto since = number_of(at.request.parameter("since"));
  const auto size = log::Log::size(at.reader);
  if (!since || static_cast<std::uint64_t>(*since) > size)
    return problem_response({Problem::Kind::invalid, "position-unreadable", "since",
                             shortened(at.request.parameter("since")),
                             "a position up to " + std::to_string(size), "read the board anew"});
  const bool streams = !at.snapshot.directory.scope(at.caller.actor, "read", "stream").empty();
  const Touched touched = touched_since(at, static_cast<Position>(*since), streams);
  Json json = Json::object();
  json.set("position", size).set("everything", touched.everything).set("alarms", touched.alarms);
  json.set("streams", streams && touched.all_streams);
  Json rows = Json::array();
  Json gone = Json::array();
  Json values = Json::array();
  if (!touched.everything) {
    for (const std::int64_t id : touched.cases) {
      const auto row = cases::find_case(at.reader, {id});
      if (!row || id == 0) continue;
      const bool visible = cases::is_visible(*row, *reach);
      if (row->open && visible) {
        rows.push(line_of(*row, at.snapshot.directory, sight));
      } else if (visible || was_visible(at, *row, static_cast<Position>(*since), reach->of(row->type))) {
        // Others' numbers are nobody's business.
        gone.push(id);
      }
    }
    values = values_of(at, touched);
  }
  return json_response(json.set("components", components_json())
                           .set("rows", std::move(rows))
                           .set("gone", std::move(gone))
                           .set("values", std::move(values)));
}

}  // namespace

void add_board_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/board/cases", "open cases in few bytes, 2,000 a page", lines)
      .answers(shape::object({{"position", shape::integer()},
                              {"components", shape::list(shape::text())},
                              {"rows", shape::list(shape::list(shape::any()))},
                              {"next", shape::nullable(shape::text())}}))
      .parameters({Make("after", types::integer())});
  table
      .read("/api/v1/board/changes",
            "what changed on the board since a position: cases, gone cases, values, whether alarms", changes)
      .answers(shape::object({{"position", shape::integer()},
                              {"everything", shape::boolean()},
                              {"alarms", shape::boolean()},
                              {"streams", shape::boolean()},
                              {"components", shape::list(shape::text())},
                              {"rows", shape::list(shape::list(shape::any()))},
                              {"gone", shape::list(shape::integer())},
                              {"values", shape::list(shape::list(shape::any()))}}))
      .parameters({Make("since", types::integer()).required()});
}

}  // namespace qipan::face
