#include <algorithm>
#include <map>

#include "cases/queries.hpp"
#include "face/app/observations.hpp"
#include "face/app/parameters.hpp"
#include "face/app/sensing_json.hpp"
#include "face/app/shapes.hpp"
#include "pack/csv.hpp"
#include "sensing/declaration.hpp"
#include "sensing/index.hpp"
#include "sensing/queries.hpp"
#include "sensing/streams.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace {

constexpr std::int64_t streams_page_max = 5'000;
constexpr std::int64_t alarms_page_max = 1'000;
constexpr std::int64_t samples_page_max = 10'000;
constexpr std::size_t export_max = 500'000;

Json stream_json(Reading& at, const sensing::StreamRow& row) {
  Json json = Json::object();
  json.set("@iot.id", row.id.value).set("code", row.code);
  json.set("title_zh", row.title_zh).set("title_en", row.title_en);
  json.set("observed_property", row.property).set("kind", row.kind).set("unit_symbol", row.unit_symbol);
  json.set("decimals", std::int64_t{row.decimals});
  json.set("thing",
           Json::object().set("code", row.thing).set("title_zh", row.thing_zh).set("title_en", row.thing_en));
  const board::Unit* unit = at.snapshot.directory.unit(row.unit);
  json.set("unit", unit == nullptr ? Json() : Json(unit->code))
      .set("x", degrees_json(row.x))
      .set("y", degrees_json(row.y));
  if (row.newest) {
    json.set("phenomenonTime", format_instant(row.newest->time))
        .set("result", result_json(at.reader, row, *row.newest))
        .set("resultQuality", sensing::quality_name(row.newest->flags))
        .set("heard", format_instant(*row.heard));
  } else {
    json.set("phenomenonTime", Json())
        .set("result", Json())
        .set("resultQuality", Json())
        .set("heard", Json());
  }
  return json;
}

Response streams(Reading& at) {
  const auto scope = scope_for(at, "read", "stream");
  if (!scope) return problem_response(scope.error());
  const auto limit = limit_parameter(at, 500, streams_page_max);
  if (!limit) return problem_response(limit.error());
  const auto after = number_parameter(at, "after", 0, INT64_MAX);
  if (!after) return problem_response(after.error());
  sensing::StreamFilter filter{std::string(at.request.parameter("thing")),
                               std::string(at.request.parameter("observed_property")),
                               *after,
                               *limit + 1,
                               {}};
  auto rows = sensing::list_streams(at.reader, filter, *scope);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const auto& row : rows) items.push(stream_json(at, row));
  Json json = Json::object();
  json.set("items", std::move(items)).set("next", more ? Json(std::to_string(rows.back().id.value)) : Json());
  return json_response(json);
}

Result<sensing::StreamRow> visible_stream(const Reading& at) {
  QIPAN_TRY(scope, scope_for(at, "read", "stream"));
  auto row = sensing::find_stream(at.reader, {number_of(at.parts[0]).value_or(0)});
  if (!row || !scope.has(row->unit)) {
    return refuse({Problem::Kind::not_found, "datastream-unknown", "id", shortened(at.parts[0]),
                   "the number of a datastream that you may see", "see GET /api/v1/datastreams"});
  }
  return std::move(*row);
}

/// The days of a bound in the district's time; null where it has no end.
Json first_day(const sensing::Bound& bound) {
  return bound.from == instant_min ? Json() : Json(format_day(china_day_of(bound.from)));
}
Json last_day(const sensing::Bound& bound) {
  return bound.until == instant_max ? Json() : Json(format_day(china_day_of(bound.until - 1)));
}

/// Every threshold that a stream was, is and will be judged by, each with its days.
Json limits_json(Reading& at, const sensing::StreamRow& row) {
  const Instant now = at.app.district().clock().now();
  Json items = Json::array();
  for (const sensing::Limit& limit : sensing::list_limits(at.reader)) {
    if (limit.property != row.property || !limit.compares()) continue;
    for (const sensing::Bound* bound : limit.bounds_for(row.area_class)) {
      bool rounded = false;
      Json one = Json::object();
      one.set("name", limit.name).set("title_zh", limit.title.zh).set("title_en", limit.title.en);
      one.set("side", limit.side == sensing::Limit::Side::above ? "above" : "below");
      const auto steps = sensing::to_steps(bound->threshold, 6, rounded);
      one.set("threshold", steps_json(steps.value_or(0), 6)).set("reached", bound->reached);
      one.set("mean_hours", limit.mean_hours).set("grade", limit.grade).set("source", bound->source);
      one.set("area_class", bound->area_class).set("from", first_day(*bound)).set("until", last_day(*bound));
      one.set("in_force", bound->from <= now && now < bound->until);
      items.push(std::move(one));
    }
  }
  return items;
}

Response stream(Reading& at) {
  const auto row = visible_stream(at);
  if (!row) return problem_response(row.error());
  return json_response(stream_json(at, *row).set("limits", limits_json(at, *row)));
}

struct Range {
  Instant from = 0;
  Instant to = 0;
};

Result<Range> range_of(const Reading& at, std::int64_t usual) {
  const Instant now = at.app.district().clock().now();
  QIPAN_TRY(to, instant_parameter(at, "to", now + microseconds_per_second));
  QIPAN_TRY(from, instant_parameter(at, "from", to - usual));
  if (from >= to)
    return invalid("range-unreadable", "from", format_instant(from), "a time before " + format_instant(to),
                   "choose a longer range");
  return Range{from, to};
}

Response observations(Reading& at) {
  const auto row = visible_stream(at);
  if (!row) return problem_response(row.error());
  const auto range = range_of(at, microseconds_per_day);
  if (!range) return problem_response(range.error());
  const auto limit = limit_parameter(at, 2'000, samples_page_max);
  if (!limit) return problem_response(limit.error());
  auto samples =
      sensing::series_of(at.reader, row->id, range->from, range->to, static_cast<std::size_t>(*limit) + 1);
  const bool more = static_cast<std::int64_t>(samples.size()) > *limit;
  if (more) samples.pop_back();
  const auto categories = sensing::categories_of(at.reader, row->id);
  Json rows = Json::array();
  for (const auto& sample : samples) {
    Json one = Json::array();
    one.push(format_instant(sample.time)).push(result_json(*row, sample, categories));
    one.push(sensing::quality_name(sample.flags));
    rows.push(std::move(one));
  }
  Json json = Json::object();
  json.set("components", Json::array().push("phenomenonTime").push("result").push("resultQuality"));
  json.set("dataArray", std::move(rows));
  // The next page begins right behind the last value.
  json.set("next", more ? Json(format_instant(samples.back().time + 1)) : Json());
  return json_response(json);
}

std::vector<sensing::Aggregate> aggregates_in(Reading& at, const sensing::StreamRow& row, const Range& range,
                                              bool days) {
  return days ? sensing::days_of(at.reader, row.id, range.from, range.to, china_offset)
              : sensing::hours_of(at.reader, row.id, range.from, range.to);
}

Response aggregates(Reading& at) {
  const auto row = visible_stream(at);
  if (!row) return problem_response(row.error());
  const std::string_view by = at.request.parameter("by");
  if (by != "hour" && by != "day")
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "by", shortened(by),
                             "hour or day", "say by=hour or by=day"});
  const auto range = range_of(at, by == "day" ? 365 * microseconds_per_day : 31 * microseconds_per_day);
  if (!range) return problem_response(range.error());
  Json items = Json::array();
  const auto text = [&](std::int64_t value, int more) { return steps_json(value, row->decimals + more); };
  for (const auto& one : aggregates_in(at, *row, *range, by == "day")) {
    Json json = Json::object();
    json.set("begin", format_instant(one.begin)).set("count", one.count);
    json.set(
        "mean",
        text(by == "day" ? one.hour_means / one.hours : sensing::mean_thousandths(one.sum, one.count), 3));
    json.set("low", text(one.low, 0)).set("high", text(one.high, 0));
    if (by == "day") json.set("hours", one.hours);
    items.push(std::move(json));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// The stored values of a stream as CSV; a range with more than half a million is refused, not cut.
Response export_samples_csv(Reading& at) {
  const auto row = visible_stream(at);
  if (!row) return problem_response(row.error());
  const auto range = range_of(at, 31 * microseconds_per_day);
  if (!range) return problem_response(range.error());
  const auto categories = sensing::categories_of(at.reader, row->id);
  std::string out = "\xEF\xBB\xBFphenomenonTime,result,resultQuality,unit\r\n";
  const auto samples = sensing::series_of(at.reader, row->id, range->from, range->to, export_max + 1);
  if (samples.size() > export_max)
    return problem_response({Problem::Kind::too_large, "range-too-long", "from", format_instant(range->from),
                             "a range with at most 500,000 values", "export it in parts"});
  for (const auto& sample : samples) {
    const Json result = result_json(*row, sample, categories);
    out += format_instant(sample.time) + "," +
           pack::csv_cell(result.is_text() ? result.text() : result.dump()) + "," +
           std::string(sensing::quality_name(sample.flags)) + "," + pack::csv_cell(row->unit_symbol) + "\r\n";
  }
  Response response = Response::text(200, std::move(out), "text/csv; charset=utf-8");
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"observations.csv\"");
  return response;
}

/// The streams of some alarms with their newest values, as far as the caller may read them.
std::map<StreamId, sensing::StreamRow> streams_of(Reading& at, const std::vector<sensing::AlarmRow>& alarms) {
  std::map<StreamId, sensing::StreamRow> streams;
  const auto scope = at.snapshot.directory.scope(at.caller.actor, "read", "stream");
  if (scope.empty() || alarms.empty()) return streams;
  sensing::StreamFilter filter{"", "", 0, INT64_MAX, {}};
  for (const auto& alarm : alarms) filter.only.push_back(alarm.stream);
  for (auto& row : sensing::list_streams(at.reader, filter, scope)) streams.emplace(row.id, row);
  return streams;
}

Json alarm_json(Reading& at, const sensing::AlarmRow& row,
                const std::map<StreamId, sensing::StreamRow>& streams) {
  Json json = Json::object();
  json.set("id", row.id.value)
      .set("stream", row.stream.value)
      .set("limit", row.limit)
      .set("active", row.state == "active");
  const board::Unit* unit = at.snapshot.directory.unit(row.unit);
  json.set("unit", unit == nullptr ? Json() : Json(unit->code))
      .set("can_acknowledge",
           at.snapshot.directory.permit(at.caller.actor, "acknowledge", "alarm", row.unit).has_value());
  json.set("since", format_instant(row.since)).set("raised", format_instant(row.raised));
  json.set("cleared", row.cleared ? Json(format_instant(*row.cleared)) : Json());
  json.set("value", row.value).set("threshold", row.threshold).set("grade", row.grade);
  json.set("source", row.source);
  const auto stream = streams.find(row.stream);
  const bool known = stream != streams.end();
  json.set("unit_symbol", known ? stream->second.unit_symbol : "");
  json.set("newest", known && stream->second.newest
                         ? result_json(at.reader, stream->second, *stream->second.newest)
                         : Json());
  json.set("acknowledged", row.acknowledged_at ? Json(format_instant(*row.acknowledged_at)) : Json());
  const auto titles = [](const std::optional<Title>& title) {
    return Json::object().set("title_zh", title ? title->zh : "").set("title_en", title ? title->en : "");
  };
  json.set("by", titles(units::title_of_person(at.reader, row.acknowledged)));
  json.set("stream_title", titles(sensing::title_of_stream(at.reader, row.stream)));
  json.set("limit_title", titles(sensing::title_of_limit(at.reader, row.limit)));
  const auto found = cases::case_of_signal(
      at.reader, "stream:" + std::to_string(row.stream.value) + "/" + row.limit, row.raised);
  return json.set("case", found ? Json(found->value) : Json());
}

Response alarms(Reading& at) {
  const auto scope = scope_for(at, "read", "alarm");
  if (!scope) return problem_response(scope.error());
  const auto limit = limit_parameter(at, 100, alarms_page_max);
  const auto before = number_parameter(at, "after", 0, INT64_MAX);
  const auto of = number_parameter(at, "stream", 0, INT64_MAX);
  const auto active = flag_parameter(at, "active");
  const auto acknowledged = flag_parameter(at, "acknowledged");
  for (const auto* parameter : {&limit, &before, &of})
    if (!*parameter) return problem_response(parameter->error());
  for (const auto* parameter : {&active, &acknowledged})
    if (!*parameter) return problem_response(parameter->error());
  sensing::AlarmFilter filter{*active, *acknowledged, {}, *before, *limit + 1};
  if (*of > 0) filter.stream = StreamId{*of};
  auto rows = sensing::list_alarms(at.reader, filter, *scope);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  const auto streams = streams_of(at, rows);
  for (const auto& row : rows) items.push(alarm_json(at, row, streams));
  return json_response(Json::object()
                           .set("items", std::move(items))
                           .set("next", more ? Json(std::to_string(rows.back().id.value)) : Json()));
}

Json index_json(const sensing::Index& index, const sensing::IndexValue& value) {
  const auto& level = index.level_of(value.index);
  Json parts = Json::array();
  Json chief = Json::array();
  for (const auto& part : value.parts) {
    Json one = Json::object();
    one.set("observed_property", part.property).set("amount", steps_json(part.thousandths, 3));
    parts.push(one.set("index", part.index).set("source", part.source));
    if (part.index == value.index && value.index > index.chief_above) chief.push(part.property);
  }
  Json missing = Json::array();
  for (const std::string& property : value.missing) missing.push(property);
  Json json = Json::object();
  json.set("begin", format_instant(value.begin)).set("index", value.index);
  json.set("level", Json::object()
                        .set("title_zh", level.title.zh)
                        .set("title_en", level.title.en)
                        .set("color", level.color));
  json.set("chief", std::move(chief)).set("parts", std::move(parts));
  return json.set("missing", std::move(missing));
}

/// The streams of the things that the caller may read, by thing and property.
Result<std::map<std::string, std::map<std::string, sensing::StreamRow>>> things_of(const Reading& at) {
  QIPAN_TRY(scope, scope_for(at, "read", "stream"));
  std::map<std::string, std::map<std::string, sensing::StreamRow>> things;
  const sensing::StreamFilter filter{std::string(at.request.parameter("thing")), "", 0, INT64_MAX, {}};
  for (auto& row : sensing::list_streams(at.reader, filter, scope))
    things[row.thing].emplace(row.property, row);
  return things;
}

Result<sensing::Index> index_named(const Reading& at, std::string_view name) {
  for (auto& index : sensing::list_indices(at.reader)) {
    if (index.name == name) return std::move(index);
  }
  return refuse({Problem::Kind::not_found, "index-unknown", "name", shortened(name), "the name of an index",
                 "see GET /api/v1/indices"});
}

Response indices(Reading& at) {
  Json items = Json::array();
  for (const auto& index : sensing::list_indices(at.reader)) {
    Json one = sensing::to_json(index);
    items.push(Json::object()
                   .set("name", index.name)
                   .set("title_zh", index.title.zh)
                   .set("title_en", index.title.en)
                   .set("steps", one["steps"])
                   .set("levels", one["levels"]));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// One thing's index over a range, by hour or day.
Response index_values(Reading& at) {
  const auto index = index_named(at, at.parts[0]);
  if (!index) return problem_response(index.error());
  const std::string_view by = at.request.parameter("by");
  if (by != "hour" && by != "day")
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "by", shortened(by),
                             "hour or day", "say by=hour or by=day"});
  const auto things = things_of(at);
  if (!things) return problem_response(things.error());
  const std::string thing(at.request.parameter("thing"));
  const auto found = things->find(thing);
  if (thing.empty() || found == things->end())
    return problem_response({Problem::Kind::not_found, "thing-unknown", "thing", shortened(thing),
                             "the code of a thing with streams that you may see",
                             "see GET /api/v1/datastreams"});
  const auto range = range_of(at, by == "day" ? 31 * microseconds_per_day : microseconds_per_day);
  if (!range) return problem_response(range.error());
  if (range->to - range->from > 400 * microseconds_per_day)
    return problem_response({Problem::Kind::too_large, "range-too-long", "from", format_instant(range->from),
                             "at most 400 days", "ask for it in parts"});
  Json items = Json::array();
  for (const auto& value :
       sensing::index_of(at.reader, *index, found->second, range->from, range->to, by == "day"))
    items.push(index_json(*index, value));
  return json_response(Json::object().set("items", std::move(items)));
}

/// Every thing's index now: of the newest whole hour of the last four (or the newest), and of yesterday.
Response index_things(Reading& at) {
  const auto index = index_named(at, at.parts[0]);
  if (!index) return problem_response(index.error());
  const auto things = things_of(at);
  if (!things) return problem_response(things.error());
  const Instant now = at.app.district().clock().now();
  const Instant today = china_midnight(china_day_of(now));
  Json items = Json::array();
  for (const auto& [code, streams] : *things) {
    const bool has = std::any_of(index->parts.begin(), index->parts.end(),
                                 [&](const auto& part) { return streams.contains(part.property); });
    if (!has) continue;
    const auto hours = sensing::index_of(at.reader, *index, streams, now - 4 * sensing::microseconds_per_hour,
                                         now + 1, false);
    const auto days =
        sensing::index_of(at.reader, *index, streams, today - microseconds_per_day, today, true);
    const auto& first = streams.begin()->second;
    Json one = Json::object();
    one.set("code", code).set("title_zh", first.thing_zh).set("title_en", first.thing_en);
    // An hour in which only some have arrived says less than the one before, which is whole.
    const auto whole =
        std::find_if(hours.rbegin(), hours.rend(), [](const auto& value) { return value.missing.empty(); });
    one.set("hour", hours.empty()           ? Json()
                    : whole != hours.rend() ? index_json(*index, *whole)
                                            : index_json(*index, hours.back()));
    items.push(one.set("yesterday", days.empty() ? Json() : index_json(*index, days.back())));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

void submit_block(Commanding& at, Bytes block) {
  board::Command command = command_of(at, at.route.sends->kind);
  command.block = std::move(block);
  at.app.submit(std::move(command), at.respond, [&route = at.route](const board::Accepted& accepted) {
    return accepted_response(route, accepted);
  });
}

void observe(Commanding& at) {
  if (at.caller.actor == "anonymous")
    return at.respond(problem_response({Problem::Kind::unauthenticated, "login-needed", "Authorization", "",
                                        "a token that may observe", "ask the administrator for one"}));
  std::optional<board::Readers::Loan> loan;
  auto block = read_observations(at.request.body, [&](std::string_view code) {
    if (!loan) loan.emplace(at.app.district().readers().borrow());
    const auto found = sensing::find_stream_by_code(**loan, code);
    return found ? std::optional(found->value) : std::nullopt;
  });
  if (!block) return at.respond(problem_response(block.error()));
  submit_block(at, std::move(*block));
}

/// One value, as SensorThings posts it to a datastream.
void observe_one(Commanding& at) {
  const auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  std::optional<Instant> time;
  if (const Json* given = body->find("phenomenonTime"); given != nullptr && !given->is_null()) {
    const auto instant = parse_instant(given->is_text() ? given->text() : given->dump());
    if (!instant) return at.respond(problem_response(instant.error()));
    time = *instant;
  }
  std::optional<sensing::Quality> quality = sensing::good;
  if (const Json* given = body->find("resultQuality"); given != nullptr && !given->is_null()) {
    quality = given->is_text() ? sensing::quality_of(given->text()) : std::nullopt;
    if (!quality)
      return at.respond(problem_response(sensing::quality_unknown("resultQuality", given->dump())));
  }
  sensing::Incoming incoming;
  incoming.stream(number_of(at.parts[0]).value_or(0));
  if (const auto added = sensing::add_result(incoming, time, (*body)["result"], *quality); !added)
    return at.respond(problem_response(added.error()));
  submit_block(at, incoming.take());
}

}  // namespace

namespace {

/// SensorThings 1.1, data array extension.
Json data_array_shape() {
  using namespace shape;
  return list(object({{"Datastream", object({{"@iot.id?", integer()}, {"code?", text()}})},
                      {"components?", list(text())},
                      {"dataArray", list(list(any()))}}));
}

/// SensorThings 1.1, Observation.
Json observation_shape() {
  using namespace shape;
  return object(
      {{"phenomenonTime?", nullable(instant())}, {"result", any()}, {"resultQuality?", nullable(text())}});
}

Json stream_shape() {
  return shape::titled({{"@iot.id", shape::integer()},
                        {"code", shape::text()},
                        {"observed_property", shape::text()},
                        {"kind", shape::text()},
                        {"unit_symbol", shape::text()},
                        {"decimals", shape::integer()},
                        {"thing", shape::titled({{"code", shape::text()}})},
                        {"unit", shape::nullable(shape::text())},
                        {"x", shape::nullable(shape::number())},
                        {"y", shape::nullable(shape::number())},
                        {"phenomenonTime", shape::nullable(shape::instant())},
                        {"result", shape::value()},
                        {"resultQuality", shape::nullable(shape::text())},
                        {"heard", shape::nullable(shape::instant())}});
}

Json index_shape() {
  return shape::object({{"begin", shape::instant()},
                        {"index", shape::integer()},
                        {"level", shape::titled({{"color", shape::text()}})},
                        {"chief", shape::list(shape::text())},
                        {"parts", shape::list(shape::object({{"observed_property", shape::text()},
                                                             {"amount", shape::number()},
                                                             {"index", shape::integer()},
                                                             {"source", shape::text()}}))},
                        {"missing", shape::list(shape::text())}});
}

Json alarms_shape() {
  return shape::page(shape::object({{"id", shape::integer()},
                                    {"stream", shape::integer()},
                                    {"limit", shape::text()},
                                    {"active", shape::boolean()},
                                    {"unit", shape::nullable(shape::text())},
                                    {"can_acknowledge", shape::boolean()},
                                    {"since", shape::instant()},
                                    {"raised", shape::instant()},
                                    {"cleared", shape::nullable(shape::instant())},
                                    {"value", shape::text()},
                                    {"threshold", shape::text()},
                                    {"grade", shape::integer()},
                                    {"source", shape::text()},
                                    {"unit_symbol", shape::text()},
                                    {"newest", shape::value()},
                                    {"acknowledged", shape::nullable(shape::instant())},
                                    {"by", shape::titled({})},
                                    {"stream_title", shape::titled({})},
                                    {"limit_title", shape::titled({})},
                                    {"case", shape::nullable(shape::integer())}}));
}

Json limited_stream_shape() {
  return shape::with(stream_shape(),
                     {{"limits", shape::list(shape::titled({{"name", shape::text()},
                                                            {"side", shape::choice({"above", "below"})},
                                                            {"threshold", shape::number()},
                                                            {"reached", shape::boolean()},
                                                            {"mean_hours", shape::integer()},
                                                            {"grade", shape::integer()},
                                                            {"source", shape::text()},
                                                            {"area_class", shape::text()},
                                                            {"from", shape::nullable(shape::text())},
                                                            {"until", shape::nullable(shape::text())},
                                                            {"in_force", shape::boolean()}}))}});
}

}  // namespace

void add_sensing_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/datastreams", "datastreams with their newest values", streams)
      .answers(shape::page(stream_shape()))
      .parameters({Make("thing", types::text()), Make("observed_property", types::text()),
                   Make("after", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/datastreams/{id}", "one datastream with its limits", stream)
      .answers(limited_stream_shape());
  table
      .read("/api/v1/datastreams/{id}/observations",
            "its values in [from, to), by time; next is the from of the next page", observations)
      .answers(shape::object({{"components", shape::list(shape::text())},
                              {"dataArray", shape::list(shape::list(shape::any()))},
                              {"next", shape::nullable(shape::instant())}}))
      .parameters(
          {Make("from", types::instant()), Make("to", types::instant()), Make("limit", types::integer())});
  table.read("/api/v1/datastreams/{id}/observations.csv", "the same as CSV", export_samples_csv)
      .parameters({Make("from", types::instant()), Make("to", types::instant())})
      .gives_type("text/csv");
  table.read("/api/v1/datastreams/{id}/aggregates", "count, mean, lowest and highest", aggregates)
      .answers(shape::items(shape::object({{"begin", shape::instant()},
                                           {"count", shape::integer()},
                                           {"mean", shape::number()},
                                           {"low", shape::number()},
                                           {"high", shape::number()},
                                           {"hours?", shape::integer()}})))
      .parameters({Make("by", types::choice()).options({"hour", "day"}), Make("from", types::instant()),
                   Make("to", types::instant())});
  table.sends("POST", "/api/v1/observations", "sensing.observe", observe)
      .replaces_body(data_array_shape())
      .creating();
  table.sends("POST", "/api/v1/datastreams/{id}/observations", "sensing.observe", observe_one)
      .replaces_body(observation_shape())
      .creating();
  table.read("/api/v1/indices", "indices of several properties, with their levels", indices)
      .answers(shape::items(shape::titled(
          {{"name", shape::text()},
           {"steps", shape::list(shape::integer())},
           {"levels", shape::list(shape::titled({{"to", shape::integer()}, {"color", shape::text()}}))}})));
  table
      .read("/api/v1/indices/{name}/things",
            "the index of every thing: of its newest whole hour within four, and of yesterday", index_things)
      .answers(shape::items(shape::titled({{"code", shape::text()},
                                           {"hour", shape::nullable(index_shape())},
                                           {"yesterday", shape::nullable(index_shape())}})));
  table
      .read("/api/v1/indices/{name}/values",
            "the index of one thing over [from, to), with its parts and what is missing", index_values)
      .answers(shape::items(index_shape()))
      .parameters({Make("thing", types::text()), Make("by", types::choice()).options({"hour", "day"}),
                   Make("from", types::instant()), Make("to", types::instant())});
  table.read("/api/v1/alarms", "alarms", alarms)
      .answers(alarms_shape())
      .parameters({Make("active", types::boolean()), Make("acknowledged", types::boolean()),
                   Make("stream", types::integer()), Make("after", types::integer()),
                   Make("limit", types::integer())});
  table.sends("POST", "/api/v1/alarms/{id}/acknowledge", "sensing.acknowledge").creating();
}

}  // namespace qipan::face
