#include <filesystem>

#include "base/file.hpp"
#include "board/beside.hpp"
#include "board/redact.hpp"
#include "board/refold.hpp"
#include "board/rewind.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"
#include "log/receipt.hpp"

namespace qipan::cmd {

namespace {

Result<void> rebuild(const VerifyOptions& options, Output& output) {
  QIPAN_TRY(district, board::District::open(options.data, make_engines));
  auto& board = district->board();
  return board::rebuild_views(board.database(), board.engines(), [&](Position position) {
    output.progress("rebuild " + std::to_string(position) + " of " + std::to_string(board.next_position()) +
                    " facts");
  });
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  Output output(options.json);
  if (options.rebuild) {
    if (const auto rebuilt = rebuild(options, output); !rebuilt) return output.problem(rebuilt.error());
  }
  const auto found = board::verify_folder(
      options.data, make_engines, options.again, [&](std::string_view what, Position position) {
        output.progress(std::string(what) + " " + std::to_string(position) + " facts");
      });
  if (!found) return output.problem(found.error());
  const std::optional<board::DecidedAgain>& decided = found->again;
  const board::Verified* verified = &found->verified;
  const board::CheckedBeside& beside = found->beside;
  Json tables = Json::array();
  std::int64_t rows = 0;
  for (const auto& table : verified->tables) {
    rows += table.rows;
    tables.push(Json::object()
                    .set("table", table.table)
                    .set("rows", table.rows)
                    .set("digest", to_hex(view_of(table.hash))));
  }
  Json json = Json::object();
  json.set("facts", verified->facts)
      .set("root", to_hex(view_of(verified->root)))
      .set("rows", rows)
      .set("sealed", static_cast<std::int64_t>(beside.sealed))
      .set("sealed_opened", beside.opened)
      .set("contents", static_cast<std::int64_t>(beside.contents))
      .set("contents_unnamed", static_cast<std::int64_t>(beside.unnamed))
      .set("tables", std::move(tables));
  if (decided) {
    json.set("decided_again", static_cast<std::int64_t>(decided->decided))
        .set("as_recorded", static_cast<std::int64_t>(decided->as_recorded));
  }
  output.result(json, "verified: " + std::to_string(verified->facts) + " facts hash to root " +
                          json["root"].text() + "; " + std::to_string(verified->tables.size()) +
                          " tables with " + std::to_string(rows) + " rows equal their refold; " +
                          std::to_string(beside.sealed) + " sealed values " +
                          (beside.opened ? "open to" : "(without their key) match") + " their hashes, " +
                          std::to_string(beside.contents) + " files theirs" +
                          (decided ? "; " + std::to_string(decided->decided) +
                                         " commands decided again come to the same facts, " +
                                         std::to_string(decided->as_recorded) + " stand as recorded"
                                   : ""));
  return exit_done;
}

namespace {

int verify_receipt_file(const ReceiptOptions& options, Output& output) {
  const auto text = read_file(options.file, 4U << 20U);
  if (!text) return output.problem(text.error());
  std::optional<log::VerifierKey> trusted;
  if (!options.key.empty()) {
    auto key = log::parse_verifier_key(options.key);
    if (!key) return output.problem(key.error());
    trusted = std::move(*key);
  }
  const auto receipt = log::verify_receipt(*text, trusted ? &*trusted : nullptr);
  if (!receipt) return output.problem(receipt.error());
  const auto body = log::body_of(receipt->fact);
  if (!body) return output.problem(body.error());
  const std::string actor = receipt->command ? receipt->command->actor : "";
  // Blocks of observations as hex.
  const std::string told = receipt->fact.block().empty() ? body->dump() : to_hex(receipt->fact.block());
  Json withheld = Json::array();
  std::string missing;
  for (const auto& part : receipt->fact.parts) {
    if (!part.removed) continue;
    withheld.push(std::string(log::audience_name(part.audience)));
    missing += "\nnot told here: the part for " + std::string(log::audience_name(part.audience));
  }
  const auto& header = receipt->header;
  Json json = Json::object();
  json.set("valid", true).set("key_trusted", trusted.has_value()).set("key", receipt->key.text());
  json.set("position", header.position)
      .set("at", format_instant(header.at))
      .set("actor", receipt->command ? Json(actor) : Json());
  json.set("kind", header.kind)
      .set("subject", header.subject)
      .set("body", told)
      .set("withheld", std::move(withheld));
  json.set("log_size", receipt->checkpoint.size);
  output.result(json, "valid: fact " + std::to_string(header.position) + " " + header.kind + " of " +
                          header.subject + ", written " + format_instant(header.at) +
                          (actor.empty() ? "" : " for " + actor) + "\n" + told + missing + "\n" +
                          (trusted ? "signed by the key you trust"
                                   : "signed by " + receipt->key.text() +
                                         "; compare it with the one the district publishes"));
  return exit_done;
}

}  // namespace

int run_receipt(const ReceiptOptions& options) {
  Output output(options.json);
  if (options.verify) return verify_receipt_file(options, output);
  auto district = board::District::open(options.data, make_engines, {.writes = false});
  if (!district) return output.problem(district.error());
  if (options.show_key) {
    const std::string key = log::verifier_of((*district)->signing_key()).text();
    output.result(Json::object().set("key", key), key);
    return exit_done;
  }
  const Position position = std::strtoull(options.position.c_str(), nullptr, 10);
  const auto most = log::audience_called(options.audience).value_or(log::Audience::everybody);
  const auto text =
      log::make_receipt((*district)->board().database(), position, (*district)->signing_key(), most);
  if (!text) return output.problem(text.error());
  const std::string file =
      options.file.empty() ? "receipt-" + options.position + ".tlog-proof" : options.file;
  if (const auto written = write_file(file, *text); !written) return output.problem(written.error());
  output.result(Json::object().set("file", file), "receipt of fact " + options.position + " in " + file);
  return exit_done;
}

int run_backup(const BackupOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines, {.writes = false});
  if (!district) return output.problem(district.error());
  if (const auto done = (*district)->backup(options.to); !done) return output.problem(done.error());
  output.result(Json::object().set("to", options.to),
                "copied to " + options.to + "; keep the folder " + options.data + "/keys apart from it");
  return exit_done;
}

int run_redact(const RedactOptions& options) {
  Output output(options.json);
  board::Redaction redaction;
  redaction.position = std::strtoull(options.position.c_str(), nullptr, 10);
  redaction.part = log::audience_called(options.part).value_or(log::Audience::internal);
  redaction.reason = options.reason;
  auto patch = parse_json(options.patch);
  if (!patch) return output.problem(patch.error());
  redaction.patch = std::move(*patch);
  const auto done = board::redact(options.data, redaction, make_engines);
  if (!done) return output.problem(done.error());
  output.result(Json::object().set("told", *done),
                "taken out; fact " + std::to_string(*done) +
                    " tells why. Backups made before still hold it: make a new one and destroy them");
  return exit_done;
}

int run_rewind(const RewindOptions& options) {
  Output output(options.json);
  const auto before = parse_instant(options.before);
  if (!before) return output.problem(before.error());
  const auto done = board::rewind(options.data, *before, options.reason, options.to, make_engines);
  if (!done) return output.problem(done.error());
  Json result = Json::object().set("kept", done->kept).set("left_out", done->left_out);
  result.set("gone", static_cast<std::int64_t>(done->gone)).set("to", options.to);
  output.result(result,
                std::to_string(done->kept) + " facts kept in " + options.to + ", " +
                    std::to_string(done->left_out) + " left out, one a line in " + options.to +
                    "/left-out.jsonl, " + std::to_string(done->gone) +
                    " sealed values gone; enter again what was revoked, retired or changed, then serve "
                    "it in place of " +
                    options.data);
  return exit_done;
}

}  // namespace qipan::cmd
