#include "board/redact.hpp"

#include <algorithm>
#include <filesystem>

#include "base/fault_log.hpp"
#include "base/text.hpp"
#include "board/directory.hpp"
#include "board/refold.hpp"
#include "search/index.hpp"

namespace qipan::board {

namespace {

const log::Part* part_of(const log::FactRecord& fact, log::Audience audience) {
  const auto found = std::find_if(fact.parts.begin(), fact.parts.end(),
                                  [&](const log::Part& part) { return part.audience == audience; });
  return found == fact.parts.end() ? nullptr : &*found;
}

/// RFC 7396, but that null takes a member out of the part itself only; deeper it stands there. A field that
/// were missing in what a change says would keep what stood before it.
Json patched(const Json& target, const Json& patch, bool inside = false) {
  if (!patch.is_object()) return patch;
  Json result = Json::object();
  if (target.is_object()) {
    for (const auto& [name, value] : target.members()) {
      const Json* change = patch.find(name);
      if (change == nullptr)
        result.set(name, value);
      else if (inside || !change->is_null())
        result.set(name, patched(value, *change, true));
    }
  }
  for (const auto& [name, change] : patch.members()) {
    if ((inside || !change.is_null()) && !result.has(name)) result.set(name, patched(Json(), change, true));
  }
  return result;
}

/// What will stand in place of the part.
Result<Json> substitute_for(Database& database, const Redaction& redaction) {
  if (!is_text_of(redaction.reason, 1, 1'000, true))
    return invalid("reason-required", "reason", "", "a reason of 1 to 1,000 characters", "say why");
  if (!redaction.patch.is_object())
    return invalid("patch-unfit", "patch", "", "a JSON object with the members that stand instead");
  const auto found = log::Log::find(database, redaction.position);
  const std::string where = std::to_string(redaction.position);
  if (!found)
    return refuse({Problem::Kind::not_found, "position-unknown", "position", where, "the position of a fact",
                   "take it from a history"});
  const log::Part* part = part_of(found->fact, redaction.part);
  std::string there;
  for (const log::Part& one : found->fact.parts)
    there += (there.empty() ? "" : ", ") + std::string(log::audience_name(one.audience));
  if (part == nullptr)
    return refuse({Problem::Kind::not_found, "part-unknown", "part",
                   std::string(log::audience_name(redaction.part)), "one of " + there, "see its receipt"});
  if (part->removed)
    return refuse({Problem::Kind::conflict, "part-redacted", "part", where, "a part that is still there",
                   "nothing is left to do"});
  if (!found->fact.block().empty())
    return invalid("redact-block", "position", where, "a fact that is no block of observations",
                   "prune the observations instead");
  // What redactions say must stay readable, a district needs its name, and cases the types of their sets.
  if (const auto owner = engine_of(found->fact.kind); owner == "district" || owner == "pack")
    return invalid("redact-district", "position", where, "a fact of another kind than " + found->fact.kind,
                   owner == "pack" ? "install a version of the pack without it" : "");
  QIPAN_TRY(body, parse_json(part->bytes, {.bytes_max = log::batch_bytes_max}));
  Json substitute = patched(body, redaction.patch);
  if (substitute == body)
    return invalid("patch-unfit", "patch", redaction.patch.dump(),
                   "members of this part, with something else",
                   "its members are told by qipan receipt make --for and verify");
  // From what is taken out a number would be given twice.
  if (body["serials"] != substitute["serials"])
    return invalid("patch-unfit", "patch", "serials", "members besides the numbers that were given",
                   "leave serials out of the patch; the number itself may go");
  return substitute;
}

/// Whether views can be made of the log as it will be.
Result<void> try_out(Database& source, const Redaction& redaction, const Json& substitute,
                     const std::string& scratch_path, const std::vector<std::unique_ptr<Engine>>& engines) {
  std::error_code error;
  std::filesystem::remove(scratch_path, error);
  Result<void> tried;
  try {
    QIPAN_TRY(substitutes, substitutes_of(source));
    substitutes[{redaction.position, redaction.part}] = substitute;
    Database scratch(scratch_path, {.exclusive = true, .durability = Durability::relaxed});
    Transaction transaction(scratch);
    Board::create_tables(scratch, engines);
    tried = refold(source, scratch, engines, substitutes, [](Position) {});
    // Who may what is read from the views with each request.
    if (tried) Directory().load(scratch, 1);
  } catch (const std::exception& fault) {
    // A fold that misses a member, or a table that does.
    tried = invalid("patch-unfit", "patch", redaction.patch.dump(),
                    std::string("members from which views can be made: ") + fault.what(),
                    "leave members that views need, and give others a value of their type");
  }
  std::filesystem::remove(scratch_path, error);
  return tried;
}

}  // namespace

Result<void> apply_redactions(Database& database, const std::vector<std::unique_ptr<Engine>>& engines,
                              const std::string& folder) {
  std::vector<std::pair<Position, log::Audience>> left;
  {
    auto statement =
        database.prepare("SELECT position, part FROM district_redactions ORDER BY position, part");
    while (statement.step()) {
      const auto position = static_cast<Position>(statement.integer(0));
      const auto part = log::audience_called(statement.text(1));
      const auto found = log::Log::find(database, position);
      const log::Part* there = found && part ? part_of(found->fact, *part) : nullptr;
      if (there != nullptr && !there->removed) left.emplace_back(position, *part);
    }
  }
  if (left.empty()) return {};
  // Its words may be in the index of the search too.
  search::remove_index(folder);
  database.execute("PRAGMA secure_delete=ON");
  Transaction transaction(database);
  for (const auto& [position, part] : left) QIPAN_CHECK(log::Log::remove_part(database, position, part));
  QIPAN_CHECK(rebuild_views_inside(database, engines, [](Position) {}));
  transaction.commit();
  // Old pages lie in the write-ahead log until it is emptied.
  auto checkpoint = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!checkpoint.step() || checkpoint.integer(0) != 0)
    tell_fault("redaction",
               "somebody else reads the district: its write-ahead log holds older pages until they end");
  return {};
}

Result<Position> redact(const std::string& folder, const Redaction& redaction, const EngineFactory& engines) {
  QIPAN_TRY(district, District::open(folder, engines));
  Database& database = district->board().database();
  QIPAN_TRY(substitute, substitute_for(database, redaction));
  QIPAN_CHECK(try_out(database, redaction, substitute, folder + "/redacting.db", engines()));
  Command command;
  command.kind = "district.redact";
  command.actor = "operator";
  command.body.set("position", redaction.position)
      .set("part", std::string(log::audience_name(redaction.part)))
      .set("substitute", std::move(substitute))
      .set("reason", redaction.reason);
  const Outcome outcome = district->board().decide(std::move(command));
  if (!outcome) return refuse(outcome.error());
  QIPAN_CHECK(apply_redactions(database, engines(), folder));
  return outcome->first;
}

}  // namespace qipan::board
