#include <algorithm>
#include <map>

#include "board/fact_type.hpp"
#include "board/subject.hpp"
#include "log/log.hpp"
#include "registers/timelines.hpp"

namespace qipan::registers {

namespace {

/// Beside the names of fields: no field of a register is called so.
constexpr std::string_view place_names[] = {"x", "y", "geometry"};

class Reader {
 public:
  explicit Reader(Timelines& made) : made_(made) {}

  void read(const log::Log::Found& fact, const Json& body) {
    const Day recorded = china_day_of(fact.command.at);
    const std::string_view kind = fact.fact.kind;
    Stretch stretch{.from = recorded, .position = fact.header.position, .recorded = fact.command.at};
    stretch.reason = body.text_or("reason", "");
    const bool dated = body["from"].is_text();
    if (dated) stretch.from = parse_day(body["from"].text()).value_or(recorded);
    if (kind == "register.added") {
      stretch.from = day_min;
      made_.added = fact.command.at;
      values(body["values"], stretch);
      place(body, stretch);
    } else if (kind == "register.planned") {
      stretch.planned = true;
      values(body["values"], stretch);
    } else if (kind == "register.plan_withdrawn") {
      withdraw(static_cast<Position>(body.integer_or("plan", -1)));
    } else if (kind == "register.retired") {
      made_.retired = fact.command.at;
    } else {
      // It has taken effect: what was planned is now said by this fact.
      if (body.has("plan")) withdraw(static_cast<Position>(body.integer_or("plan", -1)));
      values(body["now"]["values"], stretch);
      place(body["now"], stretch);
      values(body["past"]["values"], stretch);
    }
  }

 private:
  void values(const Json& said, const Stretch& stretch) {
    if (!said.is_object()) return;
    for (const auto& [name, value] : said.members()) add(name, value, stretch);
  }
  void place(const Json& said, const Stretch& stretch) {
    for (const std::string_view name : place_names)
      if (said.has(name)) add(name, said[name], stretch);
  }
  void add(std::string_view name, const Json& value, Stretch stretch) {
    stretch.value = value;
    auto& line = made_.lines[std::string(name)];
    // What was said later of the same day goes before what was said earlier.
    const auto behind = std::upper_bound(line.begin(), line.end(), stretch,
                                         [](const auto& a, const auto& b) { return a.from < b.from; });
    line.insert(behind, std::move(stretch));
  }
  void withdraw(Position plan) {
    for (auto& [name, line] : made_.lines)
      std::erase_if(line, [&](const Stretch& one) { return one.planned && one.position == plan; });
  }

  Timelines& made_;
};

}  // namespace

const Stretch* Timelines::at(std::string_view name, Day day) const {
  const auto line = lines.find(name);
  if (line == lines.end()) return nullptr;
  const Stretch* found = nullptr;
  for (const Stretch& one : line->second) {
    if (one.from <= day) found = &one;
  }
  return found;
}

Timelines timelines_of(Database& reader, std::string_view subject, Instant known, const TellBody& body_of) {
  Timelines made;
  Reader read(made);
  for (const Position position : board::history_of(reader, subject)) {
    const auto fact = log::Log::find(reader, position);
    if (!fact || fact->command.at > known) continue;
    if (const auto body = body_of(fact->fact); body && body->is_object()) read.read(*fact, *body);
  }
  return made;
}

}  // namespace qipan::registers
