// Small parts by themselves, one core: what a command is made of. `make micro`.
#include <benchmark/benchmark.h>

#include "base/file.hpp"
#include "board/directory.hpp"
#include "calendar/calendar.hpp"
#include "cmd/scratch.hpp"
#include "geo/polygons.hpp"
#include "log/batch.hpp"
#include "pack/csv.hpp"
#include "rules/decision_model.hpp"

using namespace qipan;

namespace {

const char* packs = QIPAN_SOURCE_DIR "/packs/";

void position_to_grid(benchmark::State& state) {
  const auto bytes = read_file(std::string(packs) + "jianghai/data/units.csv");
  const auto csv = pack::Csv::parse("units.csv", *bytes);
  std::vector<geo::PolygonIndex::Entry> entries;
  for (const auto& row : csv->rows()) {
    if (csv->cell(row, "kind") != "grid") continue;
    entries.push_back({static_cast<std::int64_t>(entries.size()) + 1,
                       *geo::polygon_from_json(*parse_json(csv->cell(row, "geometry")))});
  }
  const geo::PolygonIndex index(std::move(entries));
  std::int64_t n = 0;
  for (auto _ : state) {
    ++n;
    benchmark::DoNotOptimize(index.find({static_cast<std::int32_t>(1'131'000'000 + n * 7'919 % 1'040'000),
                                         static_cast<std::int32_t>(225'000'000 + n * 104'729 % 810'000)}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(position_to_grid);

/// Of somebody whose post is at a department of the demonstration's district, for a kind of case, by turns
/// where it is granted and where it is not.
void permission(benchmark::State& state) {
  cmd::Scratch scratch(1'784'000'000'000'000);
  pack::Problems problems;
  for (const char* name : {"base", "grid-events", "jianghai"})
    scratch.install(*pack::read_folder(std::string(packs) + name, problems), true, problems);
  const board::Directory& directory = scratch.board().directory(1'784'000'000'000'000);
  const auto person = scratch.database().integer("SELECT id FROM unit_people WHERE login='d-hw'");
  const std::string actor = "person:" + std::to_string(person);
  const std::string resource = board::resource_of("case", "grid_event");
  const UnitId own{scratch.database().integer("SELECT id FROM unit_units WHERE code='D-HW'")};
  bool granted = false;
  for (auto _ : state) {
    granted = !granted;
    benchmark::DoNotOptimize(directory.permit(actor, granted ? "read" : "erase", resource, own));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(permission);

void filing_standard(benchmark::State& state) {
  const std::string path = "rules/filing-standards.dmn";
  const auto model =
      *rules::load_decisions({{path, *read_file(std::string(packs) + "grid-events/" + path)}}, path);
  const Json inputs = Json::object().set("class", "S0102").set("condition", "dirty");
  for (auto _ : state)
    benchmark::DoNotOptimize(model->decide("filing standard", inputs, *parse_day("2026-03-06")));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(filing_standard);

void working_hours_deadline(benchmark::State& state) {
  calendar::Calendar::Declaration declaration;
  declaration.shifts = {{30'600, 43'200}, {50'400, 63'000}};
  declaration.first = *parse_day("2021-01-01");
  declaration.last = *parse_day("2026-12-31");
  const auto calendar = *calendar::Calendar::make(declaration);
  const Instant basis = *parse_instant("2026-03-06T16:00:00+08:00");
  for (auto _ : state)
    benchmark::DoNotOptimize(calendar.deadline(basis, {calendar::Kind::working_hours, 960}));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(working_hours_deadline);

void fact_to_leaf(benchmark::State& state) {
  log::Batch batch{0, {}};
  log::CommandRecord command;
  command.actor = "person:7";
  command.kind = "case.transition";
  command.answer = R"({"case":12,"state":"dispatched"})";
  command.facts.push_back(
      {"case.moved", "grid_event:12", {{log::Audience::internal, std::string(900, 'x'), {}}}});
  command.seed = Bytes(16, 's');
  batch.commands.push_back(command);
  for (auto _ : state) benchmark::DoNotOptimize(log::leaves_of(batch));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fact_to_leaf);

void body_to_json_and_back(benchmark::State& state) {
  const std::string body =
      R"({"type":"grid_event","pack_version":1,"state":"reported","open":true,"class":"S0102","x":1131050000,"y":225050000,"unit":12,"source":"resident",)"
      R"("fields":{"description":"路边有暴露垃圾,请清理","condition":"dirty"},"limits":[{"name":"file","basis":1780000000000000,"due":1780003600000000,"marks":[1,2,3]}],"due":1,"timer":2,"lamp":0})";
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(body)->dump());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(body_to_json_and_back);

}  // namespace
