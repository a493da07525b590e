#include "board/rewind.hpp"

#include <filesystem>
#include <fstream>

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "board/beside.hpp"
#include "board/substitutes.hpp"

namespace qipan::board {

namespace fs = std::filesystem;

namespace {

/// One fact as a line of JSON; blocks of measurements as hex.
std::string line_of(Position position, const log::CommandRecord& command, const log::FactRecord& fact) {
  Json json = Json::object();
  json.set("position", position).set("at", format_instant(command.at)).set("actor", command.actor);
  json.set("command", command.kind).set("kind", fact.kind).set("subject", fact.subject);
  const auto body = log::body_of(fact);
  std::string bytes;
  Json removed = Json::array();
  for (const log::Part& part : fact.parts) {
    bytes += part.bytes;
    if (part.removed) removed.push(std::string(log::audience_name(part.audience)));
  }
  if (!removed.items().empty()) json.set("removed", std::move(removed));
  return json.set("body", fact.block().empty() && body ? *body : Json(to_hex(bytes))).dump() + "\n";
}

/// Copies the log up to the first command of `before` or later; what follows goes into `left_out` as lines.
Result<Rewound> copy_log(Database& source, Database& made, Instant before, std::ofstream& left_out) {
  Rewound counts;
  Transaction transaction(made);
  log::Log::create_tables(made);
  // Without views and their versions: whoever opens it makes them.
  made.execute(
      "CREATE TABLE log_folds(engine TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID");
  log::Log log(made);
  // What was redacted stays so: what stands in its place is told again.
  log::CommandRecord redactions;
  redactions.actor = "operator";
  redactions.kind = "district.redact";
  redactions.answer = "{}";
  redactions.seed = random_bytes(sizeof(log::Salt));
  const auto read = log::Log::read(source, 0, [&](const log::Batch& batch) {
    log::Batch kept;
    kept.first = batch.first;
    Position position = batch.first;
    for (const log::CommandRecord& command : batch.commands) {
      // Times never decrease, so what follows the first late one is late too.
      const bool late = command.at >= before;
      for (const log::FactRecord& fact : command.facts) {
        if (late) left_out << line_of(position, command, fact);
        if (late && redaction_of(fact)) redactions.facts.push_back(fact);
        ++(late ? counts.left_out : counts.kept);
        ++position;
      }
      if (late) continue;
      redactions.at = command.at;
      kept.commands.push_back(command);
    }
    // Nobody else writes the copy.
    if (kept.commands.empty()) return true;
    const log::Append appended = log.append(kept, kept.first);
    QIPAN_ASSERT(appended == log::Append::stored);
    return true;
  });
  if (!read) return refuse(read.error());
  std::erase_if(redactions.facts,
                [&](const log::FactRecord& fact) { return redaction_of(fact)->position >= counts.kept; });
  if (!redactions.facts.empty()) {
    const log::Append appended = log.append({log.next(), {redactions}}, log.next());
    QIPAN_ASSERT(appended == log::Append::stored);
  }
  transaction.commit();
  return counts;
}

/// The keys, but for the one of sessions and links: numbers of left-out cases and people are given out again,
/// and who holds the link of one must not read the other.
Result<void> copy_keys(const std::string& from, const std::string& to) {
  QIPAN_CHECK(make_folders(to + "/keys"));
  QIPAN_TRY(names, files_under(from + "/keys"));
  for (const std::string& path : names) {
    const std::string name = path.substr(path.rfind('/') + 1);
    if (name == "token.key" || name == "logouts") continue;
    QIPAN_TRY(key, read_file(from + "/keys/" + name));
    QIPAN_CHECK(write_file(to + "/keys/" + name, key, 0600));
  }
  return write_file(to + "/keys/token.key", random_bytes(32), 0600);
}

Problem failed(const std::string& why) {
  return {Problem::Kind::unavailable,
          "rewind-failed",
          "--to",
          why,
          "a folder that can be written, with room",
          "free space and try again; the district is as it was"};
}

/// All of it in `part`, which is no district before its last step.
Result<Rewound> rewind_into(District& district, Instant before, const std::string& reason,
                            const std::string& part, const EngineFactory& engines) {
  QIPAN_CHECK(district.backup(part));
  const std::string database = part + "/district.db";
  Rewound counts;
  {
    std::ofstream left_out(part + "/left-out.jsonl", std::ios::binary);
    Database source(database, {.read_only = true});
    Database made(database + ".part");
    QIPAN_TRY(copied, copy_log(source, made, before, left_out));
    if (!left_out.flush()) return refuse(failed("left-out.jsonl"));
    counts = copied;
  }
  if (counts.left_out == 0 || counts.kept == 0) {
    return refuse(
        {Problem::Kind::conflict, "rewind-nothing", "--before", format_instant(before),
         counts.kept == 0 ? "a time after the district was founded" : "a time before its newest fact",
         "look at the times of the cases"});
  }
  std::error_code error;
  fs::rename(database + ".part", database, error);
  if (error) return refuse(failed(error.message()));
  QIPAN_CHECK(copy_keys(district.folder(), part));
  QIPAN_TRY(copy, District::open(part, engines));
  // What was replaced or erased since is gone from the vault, and the older facts name it again.
  Json gone = Json::array();
  for (std::string& vault : sealed_missing(part, copy->board().database(), copy->board().engines()))
    gone.push(std::move(vault));
  counts.gone = gone.items().size();
  Command told;
  told.kind = "district.rewind";
  told.actor = "operator";
  told.body.set("size", counts.kept + counts.left_out)
      .set("root", to_hex(view_of(district.board().root())))
      .set("before", format_instant(before))
      .set("reason", reason)
      .set("gone", std::move(gone));
  if (const Outcome outcome = copy->board().decide(std::move(told)); !outcome) return refuse(outcome.error());
  return counts;
}

}  // namespace

Result<Rewound> rewind(const std::string& folder, Instant before, const std::string& reason,
                       const std::string& target, const EngineFactory& engines) {
  if (!is_text_of(reason, 1, 1'000, true))
    return invalid("reason-required", "--reason", reason, "a reason of 1 to 1,000 characters", "say why");
  if (file_exists(target))
    return refuse({Problem::Kind::conflict, "rewind-target", "--to", target, "a folder that does not exist",
                   "name a new one"});
  QIPAN_TRY(district, District::open(folder, engines));
  const std::string part = target + ".rewinding";
  std::error_code error;
  fs::remove_all(part, error);
  Result<Rewound> done = refuse({});
  try {
    done = rewind_into(*district, before, reason, part, engines);
  } catch (const DatabaseError& fault) {
    done = refuse(failed(fault.what()));
  }
  if (done) {
    fs::rename(part, target, error);
    if (error) done = refuse(failed(error.message()));
  }
  if (!done) fs::remove_all(part, error);
  return done;
}

}  // namespace qipan::board
