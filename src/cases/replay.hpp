#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "board/directory.hpp"
#include "expr/decision.hpp"

namespace qipan::cases {

/// What to ask again.
struct ReplayQuestion {
  const expr::DecisionModel* model = nullptr;
  std::string decision;
  /// Only decisions about cases of these types; empty: of any whose stored inputs the model knows.
  std::set<std::string> types;
  /// Facts to look at from `from` on before an answer is due, so that long logs are asked in parts.
  Position from = 0;
  std::uint64_t facts_max = ~std::uint64_t{0};
};

/// Past decisions of one kind that would come out otherwise, by what came out, class and place.
struct ReplayChange {
  std::string before;  // outputs as JSON
  std::string after;   // the same, or the code of a refusal
  std::string case_class;
  std::string unit;  // code of the place's community, or of the nearest unit
  auto operator<=>(const ReplayChange&) const = default;
};
struct ReplayCount {
  std::int64_t count = 0;
  std::string first;  // subject of an example
};

struct Replay {
  std::int64_t compared = 0;
  std::int64_t other_models = 0;  // of the same name, with inputs that this model does not know
  std::int64_t changed = 0;
  std::map<ReplayChange, ReplayCount> changes;
  Position next = 0;
  bool ended = false;
};

/// Goes through the log and decides again what was decided, from what was stored, with the parameters of the
/// same day: what a draft would have said. Reads only.
[[nodiscard]] Result<Replay> replay(Database& reader, const board::Directory& directory,
                                    const ReplayQuestion& question,
                                    const std::function<void(const Replay&)>& progress = {});

}  // namespace qipan::cases
