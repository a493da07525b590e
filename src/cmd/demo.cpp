#include "cmd/demo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cmd/demo_player.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"

namespace qipan::cmd {

namespace {

/// Runs fast through the last day and is the wall clock from then on.
class ScaledClock final : public Clock {
 public:
  ScaledClock(Instant start, int seconds_for_a_day)
      : start_(start), begun_(system_.now()), factor_(86'400 / std::max(1, seconds_for_a_day)) {}
  [[nodiscard]] Instant now() override {
    const Instant real = system_.now();
    return std::min(real, start_ + (real - begun_) * factor_);
  }
  void begin() { begun_ = system_.now(); }

 private:
  SystemClock system_;
  Instant start_;
  Instant begun_;
  std::int64_t factor_;
};

std::int64_t percentile(std::vector<std::int64_t> values, int percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) * static_cast<std::size_t>(percent) / 100];
}

std::string span(std::int64_t seconds) {
  if (seconds >= 86'400 * 2) return fmt::format("{:.1f} d", static_cast<double>(seconds) / 86'400);
  return seconds >= 7'200 ? fmt::format("{:.1f} h", static_cast<double>(seconds) / 3'600)
                          : fmt::format("{} min", seconds / 60);
}

Json summarize(Database& reader, DemoPlayer& player, const std::string& root, Output& output) {
  const auto count = [&](const char* condition) {
    return reader.integer(std::string("SELECT count(*) FROM case_cases WHERE ") + condition);
  };
  Json json = Json::object();
  json.set("cases", count("1"))
      .set("closed", count("state='closed'"))
      .set("on_time", count("state='closed' AND late=0"))
      .set("late", count("late=1"));
  json.set("open", count("open=1"))
      .set("merged", count("state='duplicate'"))
      .set("void", count("state='void'"))
      .set("refused", player.refused());
  output.line(fmt::format("\n{} cases: {} closed ({} on time), {} open, {} late, {} merged, {} void",
                          json["cases"].integer(), json["closed"].integer(), json["on_time"].integer(),
                          json["open"].integer(), json["late"].integer(), json["merged"].integer(),
                          json["void"].integer()));
  if (reader.integer("SELECT count(*) FROM sensing_streams") > 0) {
    const auto alarms = reader.integer("SELECT count(*) FROM sensing_alarms WHERE state<>'pending'");
    json.set("alarms", alarms)
        .set("alarms_active", reader.integer("SELECT count(*) FROM sensing_alarms WHERE state='active'"))
        .set("alarm_cases", count("source='alarm'"));
    output.line(fmt::format("{} alarms of the air, {} still active; {} became cases", alarms,
                            json["alarms_active"].integer(), json["alarm_cases"].integer()));
  }
  Json departments = Json::array();
  auto rows = reader.prepare(
      "SELECT u.title_en, u.title_zh, count(*), sum(c.state='closed' AND c.late=0), sum(c.late) FROM "
      "case_cases c JOIN unit_units u ON u.id=c.responsible "
      "GROUP BY u.id ORDER BY count(*) DESC LIMIT 12");
  output.line(fmt::format("  {:>6} {:>8} {:>6}  department", "filed", "on time", "late"));
  while (rows.step()) {
    output.line(fmt::format("  {:>6} {:>8} {:>6}  {} {}", rows.integer(2), rows.integer(3), rows.integer(4),
                            rows.text(1), rows.text(0)));
    departments.push(Json::object()
                         .set("department", rows.text(1))
                         .set("filed", rows.integer(2))
                         .set("on_time", rows.integer(3))
                         .set("late", rows.integer(4)));
  }
  json.set("departments", std::move(departments));
  for (const char* stage : {"dispatch", "accept", "resolve", "close"}) {
    const auto& seconds = player.stages()[stage];
    output.line(fmt::format("  {:<9} p50 {:>8}  p99 {:>8}", stage, span(percentile(seconds, 50)),
                            span(percentile(seconds, 99))));
    json.set(std::string(stage) + "_p50_s", percentile(seconds, 50))
        .set(std::string(stage) + "_p99_s", percentile(seconds, 99));
  }
  output.line("  log root " + root + ", " + std::to_string(log::Log::size(reader)) + " facts");
  return json.set("root", root);
}

void fast_forward(board::District& district, DemoPlayer& player, Instant until, Output& output) {
  auto& board = district.board();
  const auto decide = [&](board::Command command) { return board.decide(std::move(command)); };
  while (const auto next = player.next()) {
    if (*next >= until) break;
    player.step(board.database(), decide, true);
    output.progress("fast-forward " + format_instant(*next));
  }
}

/// Plays what is due by the scaled clock until that has caught up with the wall clock.
void play_live(board::District& district, board::Writer& writer, DemoPlayer& player, Output& output,
               const std::atomic<bool>& stopping) {
  SystemClock wall;
  auto reader = district.readers().borrow();
  const auto decide = [&](board::Command command) { return writer.run(std::move(command)); };
  while (!stopping && wall.now() - district.clock().now() > microseconds_per_second) {
    const Instant now = district.clock().now();
    while (player.next() && *player.next() <= now && !stopping) player.step(*reader, decide, false);
    output.progress("playing " + format_instant(now));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

int run_demo(const DemoOptions& options) {
  Output output(options.serve.json);
  SystemClock wall;
  const Instant end = wall.now();
  const Instant live_from = end - microseconds_per_day;
  ScaledClock clock(live_from, options.live_seconds);
  auto district = board::District::open(options.serve.data, make_engines, {.clock = &clock});
  if (!district) return output.problem(district.error());
  DemoPlayer player(options.seed, options.reports_a_day);
  if (!options.serve.map.empty()) {
    auto places = DemoPlaces::read(options.serve.map);
    if (!places) return output.problem(places.error());
    player.know(std::move(*places));
  }
  player.plan(live_from - options.days * microseconds_per_day, end);
  if (!options.air.empty()) {
    auto air = DemoAir::read(options.air, options.air_map);
    if (!air) return output.problem(air.error());
    player.plan_air(std::move(*air), live_from - options.days * microseconds_per_day, end);
  }
  fast_forward(**district, player, live_from, output);
  clock.begin();

  Json summary;
  const auto playing = [&](board::Writer& writer, const std::string& address,
                           const std::atomic<bool>& stopping) {
    output.line("the last 24 hours play in " + std::to_string(options.live_seconds) + " s; watch them at " +
                address + "/board (login leader, password qipan-demo)");
    play_live(**district, writer, player, output, stopping);
    if (stopping) return;
    std::string root;
    writer.between_groups([&](board::Board& board) { root = to_hex(view_of(board.root())); });
    auto reader = (*district)->readers().borrow();
    summary = summarize(*reader, player, root, output);
  };
  // Its accounts are known to everybody who reads the README.
  ServeOptions serve = options.serve;
  serve.second_factor = face::SecondFactor::nobody;
  serve.demonstration_password = "qipan-demo";
  // A day in seconds is what it shows.
  serve.clock_runs = true;
  return serve_district(**district, serve, output, playing, options.exit_when_ready, &summary);
}

}  // namespace qipan::cmd
