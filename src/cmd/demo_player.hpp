#pragma once

#include <functional>
#include <map>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "board/district.hpp"
#include "cmd/demo_air.hpp"
#include "cmd/demo_places.hpp"
#include "geo/polygons.hpp"

namespace qipan::cmd {

/// Invents reports and walks each through its stages as people would, in order of time. What a step needs to
/// know (who answers, by when) it reads from the district, as people read it from their pages.
class DemoPlayer {
 public:
  using Decide = std::function<board::Outcome(board::Command)>;

  DemoPlayer(std::uint64_t seed, int reports_a_day) : random_(seed), reports_a_day_(reports_a_day) {}

  /// Plans the reports of [from, to).
  void plan(Instant from, Instant to);
  /// What places are called by whom reports come from.
  void know(DemoPlaces places) { places_ = std::move(places); }
  /// And hours of air, whose alarms become cases too.
  void plan_air(DemoAir air, Instant from, Instant to);
  /// When the next thing happens; none when all is done.
  [[nodiscard]] std::optional<Instant> next() const;
  /// Does the next thing. `reader` sees what was decided so far.
  void step(Database& reader, const Decide& decide, bool assert_time);

  /// Seconds that stages took, by the name of their last step.
  [[nodiscard]] std::map<std::string, std::vector<std::int64_t>>& stages() { return stages_; }
  [[nodiscard]] std::int64_t refused() const { return refused_; }

 private:
  enum class Do { report, dispatch, accept, resolve, check, observe, acknowledge };
  struct Event {
    Instant at = 0;
    std::uint64_t order = 0;
    Do what = Do::report;
    std::int64_t id = 0;
    std::size_t kind = 0;
    bool operator>(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  void add(Instant at, Do what, std::int64_t id, std::size_t kind);
  void report(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  /// Somewhere along the edge of a unit grid, where the roads are; every fourth in one of a few busy ones.
  [[nodiscard]] std::optional<geo::Point> somewhere(Database& reader);
  void dispatch(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  void handle(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  void observe(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  void acknowledge(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  void check(const Event& event, Database& reader, const Decide& decide, bool assert_time);
  board::Outcome send(const Decide& decide, board::Command command, Instant at, bool assert_time);
  void took(const std::string& stage, std::int64_t id, Instant at);
  [[nodiscard]] std::int64_t minutes_between(int low, int high);
  [[nodiscard]] double handling_share();
  template <std::size_t Size>
  std::size_t pick(const std::array<int, Size>& weights);

  std::mt19937_64 random_;
  DemoPlaces places_;
  std::optional<std::vector<geo::Ring>> grids_;  // as the district has them, read once
  int reports_a_day_;
  std::uint64_t order_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::map<std::int64_t, Instant> last_step_;
  std::map<std::string, std::vector<std::int64_t>> stages_;
  std::int64_t refused_ = 0;
  std::optional<DemoAir> air_;
  std::vector<DemoAir::Hour> hours_;
  std::int64_t last_alarm_ = 0;
  std::int64_t last_alarm_case_ = 0;
};

}  // namespace qipan::cmd
