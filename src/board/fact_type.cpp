#include "board/fact_type.hpp"

#include <algorithm>

#include "board/engine.hpp"

namespace qipan::board {

namespace {

/// What the board itself tells: somebody's timer or reaction that was refused.
const std::vector<FactType> board_facts = {{.kind = "board.tick_refused"},
                                           {.kind = "board.reaction_refused"}};

}  // namespace

log::Audience FactType::audience(std::string_view member) const {
  const bool told = std::find(party.begin(), party.end(), member) != party.end();
  return told ? log::Audience::party : log::Audience::internal;
}

const FactType* find_fact_type(const std::vector<FactType>& types, std::string_view kind) {
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const FactType& type) { return type.kind == kind; });
  return found == types.end() ? nullptr : &*found;
}

const FactType* find_fact_type(const std::vector<std::unique_ptr<Engine>>& engines, std::string_view kind) {
  const std::string_view owner = engine_of(kind);
  if (owner == "board") return find_fact_type(board_facts, kind);
  for (const auto& engine : engines) {
    if (engine->name() == owner) return find_fact_type(engine->facts(), kind);
  }
  return nullptr;
}

Result<Json> read_as_newest(const FactType* type, const log::FactRecord& fact, Json body) {
  if (type == nullptr || fact.version > type->version())
    return refuse({Problem::Kind::conflict, "fact-newer", fact.subject,
                   fact.kind + " version " + std::to_string(fact.version), "a fact that this program knows",
                   "open the district with the newest program"});
  for (auto from = static_cast<std::size_t>(fact.version); from < type->version(); ++from)
    body = type->upcasters[from - 1](std::move(body));
  return body;
}

Result<Json> body_of(const std::vector<std::unique_ptr<Engine>>& engines, const log::FactRecord& fact,
                     log::Audience most) {
  QIPAN_TRY(body, log::body_of(fact, most));
  if (body.is_null()) return body;
  return read_as_newest(find_fact_type(engines, fact.kind), fact, std::move(body));
}

}  // namespace qipan::board
