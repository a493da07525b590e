// Logs of format 2 as programs wrote them, with every kind of fact in every version: every later program
// opens them. QIPAN_WRITE_FIXTURE=NAME writes another, NAME.log and NAME.root, for kinds and versions that
// are new (docs/format.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "board/board.hpp"
#include "board/refold.hpp"
#include "cmd/engines.hpp"
#include "sensing/incoming.hpp"
#include "support/whole_district.hpp"

using namespace qipan;
using namespace qipan::test;
using board::Command;

namespace {

constexpr std::string_view fixtures = QIPAN_SOURCE_DIR "/tests/fixtures/format-2";

using Kinds = std::set<std::pair<std::string, std::uint64_t>>;

/// A file is the batches of a log, each as its number of bytes and then those.
std::vector<log::Batch> batches_of(const std::string& path) {
  std::vector<log::Batch> batches;
  const auto bytes = read_file(path, 16U << 20U);
  EXPECT_TRUE(bytes) << path;
  if (!bytes) return batches;
  Decoder decoder(*bytes);
  while (decoder.ok() && decoder.left() > 0) {
    auto batch = log::decode_batch(decoder.text(log::batch_bytes_max));
    EXPECT_TRUE(batch) << path;
    if (!batch) return batches;
    batches.push_back(std::move(*batch));
  }
  EXPECT_TRUE(decoder.done()) << path;
  return batches;
}

Kinds kinds_of(const std::vector<log::Batch>& batches) {
  Kinds kinds;
  for (const auto& batch : batches)
    for (const auto& command : batch.commands)
      for (const auto& fact : command.facts) kinds.emplace(fact.kind, fact.version);
  return kinds;
}

Kinds declared() {
  Kinds kinds = {{"board.tick_refused", 1}, {"board.reaction_refused", 1}};
  for (const auto& engine : cmd::make_engines())
    for (const auto& type : engine->facts())
      for (std::uint64_t version = 1; version <= type.version(); ++version) kinds.emplace(type.kind, version);
  return kinds;
}

/// A district in memory in which something of everything happens.
class SmallDistrict {
 public:
  SmallDistrict() {
    log::Log::create_tables(database_);
    board::Board::create_tables(database_, cmd::make_engines());
    board_.emplace(database_, vault_, clock_, cmd::make_engines(), "digest");
  }
  void run(Command command) {
    clock_.advance(microseconds_per_second);
    const std::string kind = command.kind + " " + command.body.dump();
    const auto outcome = board_->decide(std::move(command));
    EXPECT_TRUE(outcome) << kind << ": " << outcome.error().line();
  }
  void run(const char* kind, const char* body, std::vector<board::PersonalValue> personal = {}) {
    Command command = made(kind, *parse_json(body));
    command.personal = std::move(personal);
    run(std::move(command));
  }
  void observe(std::int64_t stream, const std::function<void(sensing::Incoming&, Instant)>& values) {
    sensing::Incoming incoming;
    incoming.stream(stream);
    values(incoming, clock_.now());
    Command command = made("sensing.observe", Json::object());
    command.block = incoming.take();
    run(std::move(command));
  }
  void wait(std::int64_t minutes) {
    clock_.advance(minutes * 60 * microseconds_per_second);
    board_->tick();
  }
  /// The change of an entry that was planned just now.
  void withdraw_last_plan() {
    run(made("register.withdraw", Json::object()
                                      .set("register", "lamp_post")
                                      .set("id", std::int64_t{1})
                                      .set("plan", static_cast<std::int64_t>(board_->next_position() - 1))
                                      .set("reason", "not needed")));
  }
  /// Takes what the first fact of a kind says out of the log.
  void redact(std::string_view kind, const char* substitute) {
    Position position = 0;
    Position found = 0;
    EXPECT_TRUE(log::Log::read(database_, 0, [&](const log::Batch& batch) {
      for (const auto& command : batch.commands)
        for (const auto& fact : command.facts) {
          if (found == 0 && fact.kind == kind) found = position;
          ++position;
        }
      return true;
    }));
    run(made("district.redact", Json::object()
                                    .set("position", found)
                                    .set("part", "internal")
                                    .set("substitute", *parse_json(substitute))
                                    .set("reason", "told by mistake")));
    Transaction transaction(database_);
    EXPECT_TRUE(log::Log::remove_part(database_, found, log::Audience::internal));
    transaction.commit();
  }
  /// What the board tells when engines fail each other, which these do not.
  void tell(const char* kind, const char* body) {
    log::CommandRecord note;
    note.at = clock_.now();
    note.actor = "system:board/timer";
    note.kind = "board.note";
    note.answer = "{}";
    note.seed = Bytes(sizeof(log::Salt), 'n');
    note.facts.push_back({kind, "board:0", {{log::Audience::internal, body, {}}}});
    Transaction transaction(database_);
    log::Log log(database_);
    EXPECT_EQ(log.append({log.next(), {std::move(note)}}, log.next()), log::Append::stored);
    transaction.commit();
    board_.emplace(database_, vault_, clock_, cmd::make_engines(), "digest");
  }
  [[nodiscard]] std::string root() const { return to_hex(view_of(board_->root())); }
  [[nodiscard]] Bytes bytes() {
    Encoder encoder;
    EXPECT_TRUE(log::Log::read(database_, 0, [&](const log::Batch& batch) {
      encoder.text(encode(batch));
      return true;
    }));
    return encoder.take();
  }

 private:
  Database database_{":memory:"};
  board::Vault vault_{":memory:", board::VaultKeys(std::string(32, 'v')), {}};
  ManualClock clock_{1'784'000'000'000'000};
  std::optional<board::Board> board_;
};

void play_cases(SmallDistrict& played) {
  played.run("case.create",
             R"({"type":"grid_event","class":"B0101","x":500,"y":500,"source":"resident",
                 "fields":{"description":"井盖缺失","condition":"missing"}})",
             {{"fields/reporter_telephone", "13800000000"}});
  played.run("case.comment", R"({"id":1,"text":"路口东侧"})");
  played.run("case.reveal", R"({"id":1,"field":"reporter_telephone","purpose":"call back"})");
  played.run("case.transition", R"({"id":1,"transition":"file"})");
  played.run("case.erase", R"({"id":1,"field":"reporter_telephone","purpose":"asked for"})");
  played.run("case.define_class",
             R"({"type":"grid_event","code":"B0199","parent":"B01","title_zh":"其他","title_en":"Other"})");
  played.run("case.create",
             R"({"type":"grid_event","source":"alarm","signal":"own/1","fields":{"description":"水位"}})");
  played.run("case.create",
             R"({"type":"grid_event","source":"alarm","signal":"own/1","fields":{"description":"again"}})");
  played.run("case.signal_ended", R"({"signal":"own/1","value":"3"})");
  played.run("case.signal_ended", R"({"signal":"own/2"})");
  const char* archived =
      R"({"type":"grid_event","source":"old","external":"7","created":1767225600000000,
          "as_of":1767225800000000,"fields":{"description":"归档"}})";
  played.run("case.archive", archived);
  played.run("case.archive",
             R"({"type":"grid_event","source":"old","external":"7","created":1767225600000000,
                 "as_of":1767225900000000,"fields":{"description":"归档，更正"}})");
}

void play_units(SmallDistrict& played) {
  played.run("unit.change", R"({"code":"X1","title_en":"Street"})");
  played.run("unit.set_password", R"({"login":"w"})", {{"password", "$argon2id$none"}});
  played.run("unit.set_contact", R"({"login":"w"})", {{"telephone", "13800000001"}});
  played.run("unit.reveal_person", R"({"login":"w","field":"telephone","purpose":"call"})");
  played.run(
      "unit.issue_token",
      R"({"login":"w","purpose":"gateway","hash":"0000000000000000000000000000000000000000000000000000000000000000"})");
  played.run("unit.revoke_token", R"({"token":1})");
  Command factor = made("unit.set_second_factor", *parse_json(R"({"login":"w"})"));
  factor.actor = "person:1";
  factor.personal.push_back({"secret", "0123456789"});
  played.run(std::move(factor));
  played.run("unit.clear_second_factor", R"({"login":"w","reason":"lost"})");
  played.run("unit.add_person", R"({"login":"v","unit":"D-SW","title_zh":"代","title_en":"V"})");
  played.run("unit.set_deputy", R"({"login":"w","role":"handler","unit":"D-SW","deputy":"v"})");
  played.run(
      "unit.set_absence",
      R"({"login":"w","from":"2026-01-01T00:00:00Z","until":"2026-12-31T00:00:00Z","reason":"leave"})");
  played.run("unit.end_absence", R"({"login":"w","absence":1})");
  played.run("unit.take_post", R"({"login":"w","role":"handler","unit":"D-SW"})");
  played.run("unit.retire_person", R"({"login":"w"})");
  played.run("unit.retire", R"({"code":"X1G","reason":"merged"})");
  played.run("unit.install_calendar",
             R"({"calendar":{"name":"standard","version":2,"offset":28800,"shifts":[30600,43200,50400,63000],
          "weekdays":[true,true,true,true,true,false,false],"first":"2021-01-01","last":"2027-12-31",
          "off":[],"on":[]}})");
}

void play_mandates(SmallDistrict& played) {
  Command opens =
      made("case.create", *parse_json(R"({"type":"tower_fault","fields":{"description":"dark"}})"));
  opens.actor = "mandate:1";
  played.run(std::move(opens));
  played.run("register.add", R"({"register":"lamp_post","values":{"code":"b","owner":"owner:1"}})");
  played.run("register.change",
             R"({"register":"lamp_post","id":2,"values":{"owner":"owner:2"},"reason":"sold"})");
  played.run("unit.end_mandate", R"({"mandate":1,"reason":"over"})");
}

void play_notices(SmallDistrict& played) {
  played.run("notice.test", R"({"webhook":1})");
  played.run("notice.report", R"({"id":1,"delivered":false,"permanent":false,"told":"busy"})");
  played.run("notice.report", R"({"id":1,"delivered":false,"permanent":true,"told":"gone"})");
  played.run("notice.retry", R"({"id":1})");
  played.run("notice.report", R"({"id":1,"delivered":true,"permanent":false,"told":"200"})");
  played.run("notice.retire_webhook", R"({"webhook":1})");
  played.run("notice.remove_mail", "{}");
}

void play_saved(SmallDistrict& played) {
  played.run("saved.keep",
             R"({"form":"list","about":"case","title":"today","content":{"sort":"due"},"unit":"X"})");
  played.run("saved.keep",
             R"({"id":1,"form":"list","about":"case","title":"now","content":{"sort":"-due"},"unit":"X"})");
  played.run("saved.drop", R"({"id":1})");
}

/// Heights of days gone by and to come: one that takes effect, one that is withdrawn.
void play_dated(SmallDistrict& played) {
  played.run("register.change",
             R"({"register":"lamp_post","id":1,"values":{"height":3},"from":"2026-01-01","reason":"plans"})");
  played.run("register.change",
             R"({"register":"lamp_post","id":1,"values":{"height":6},"from":"2026-07-15"})");
  played.run("register.change",
             R"({"register":"lamp_post","id":1,"values":{"height":7},"from":"2030-01-01"})");
  played.withdraw_last_plan();
  constexpr std::int64_t minutes_a_day = 1'440;
  played.wait(2 * minutes_a_day);
}

void play_registers(SmallDistrict& played) {
  played.run("register.add", R"({"register":"lamp_post","values":{"code":"a","height":4},"x":10,"y":10})");
  played.run("register.change",
             R"({"register":"lamp_post","id":1,"values":{"height":5},"reason":"measured"})");
  play_dated(played);
  played.run("register.change", R"({"register":"lamp_post","id":1,"values":{},"reason":"told"})",
             {{"values/keeper", "somebody"}});
  played.run("register.reveal", R"({"register":"lamp_post","id":1,"field":"keeper","purpose":"call back"})");
  played.run("register.erase", R"({"register":"lamp_post","id":1,"field":"keeper","purpose":"asked for"})");
  played.run("register.retire", R"({"register":"lamp_post","id":1,"reason":"taken down"})");
}

void play_sensing(SmallDistrict& played) {
  const auto value = [&](std::int64_t of, std::int64_t seconds) {
    played.observe(1, [=](sensing::Incoming& incoming, Instant now) {
      incoming.number(now + seconds * microseconds_per_second, {of, 0, true});
    });
  };
  value(10, 0);
  played.observe(2, [](sensing::Incoming& incoming, Instant) { incoming.text(std::nullopt, "open"); });
  value(90, 0);  // pending
  value(10, 0);  // dropped
  value(90, 0);
  value(91, 120);  // raised
  played.run("sensing.acknowledge", R"({"id":1,"comment":"seen"})");
  value(10, 180);  // cleared
  for (int twice = 0; twice < 2; ++twice) {
    played.observe(
        2, [](sensing::Incoming& incoming, Instant) { incoming.text(1'784'000'000'000'000, "open"); });
  }
  played.observe(1, [](sensing::Incoming& incoming, Instant now) {
    incoming.number(now + 600 * microseconds_per_second, {7, 0, true});
  });
}

}  // namespace

TEST(Fixture, IsWrittenWhereItIsAskedFor) {
  SmallDistrict played;
  for (Command& command : whole_district()) played.run(std::move(command));
  played.run("district.found", R"({"origin":"fixture","title_zh":"区","title_en":"District"})");
  play_cases(played);
  play_registers(played);
  play_saved(played);
  play_mandates(played);
  play_sensing(played);
  play_notices(played);
  played.wait(3 * 24 * 60);
  play_units(played);
  played.run("case.recompute", R"({"due_from":"2026-01-01T00:00:00Z","due_to":"2027-01-01T00:00:00Z"})");
  played.run("pack.save_draft",
             R"({"pack":"grid-events","base":5,"title":"t","files":{"rules/own.tests.toml":"# nothing"}})");
  played.run("pack.drop_draft", R"({"draft":1,"revision":1,"comment":"not now"})");
  played.run("district.rewind",
             R"({"size":1,"root":"00","before":"2026-01-01T00:00:00Z","reason":"told","gone":[]})");
  played.tell("board.tick_refused", R"({"subject":"grid_event:1","problem":"told"})");
  played.tell("board.reaction_refused", R"({"command":"case.create","code":"told","problem":"told"})");
  played.redact("case.commented", R"({"text":"[removed]"})");
  Kinds missing = declared();
  const Bytes bytes = played.bytes();
  Decoder decoder(bytes);
  std::vector<log::Batch> batches;
  while (decoder.left() > 0) batches.push_back(*log::decode_batch(decoder.text(log::batch_bytes_max)));
  for (const auto& kind : kinds_of(batches)) missing.erase(kind);
  for (const auto& [kind, version] : missing) {
    const auto* type = board::find_fact_type(cmd::make_engines(), kind);
    if (version == type->version())
      ADD_FAILURE() << "nothing here records " << kind
                    << " in its newest version: play it in this file, then write the fixture";
  }
  if (const char* path = std::getenv("QIPAN_WRITE_FIXTURE"); path != nullptr && !HasFailure()) {
    EXPECT_TRUE(write_file(std::string(path) + ".log", bytes));
    EXPECT_TRUE(write_file(std::string(path) + ".root", played.root() + "\n"));
  }
}

TEST(Fixture, OpensInEveryLaterProgram) {
  const auto names = files_under(std::string(fixtures));
  ASSERT_TRUE(names);
  Kinds missing = declared();
  std::size_t logs = 0;
  for (const std::string& name : *names) {
    if (!name.ends_with(".log")) continue;
    ++logs;
    const std::string path = std::string(fixtures) + "/" + name.substr(name.rfind('/') + 1);
    const auto batches = batches_of(path);
    for (const auto& kind : kinds_of(batches)) missing.erase(kind);
    Database database(":memory:");
    log::Log::create_tables(database);
    {
      Transaction transaction(database);
      log::Log log(database);
      for (const auto& batch : batches) ASSERT_EQ(log.append(batch, log.next()), log::Append::stored);
      transaction.commit();
    }
    const auto root = read_file(path.substr(0, path.size() - 4) + ".root", 1'000);
    ASSERT_TRUE(root) << "the root as it was when the log was written";
    EXPECT_EQ(to_hex(view_of(log::Log(database).root())) + "\n", *root) << path;
    const auto engines = cmd::make_engines();
    board::Board::create_tables(database, engines);
    const auto rebuilt = board::rebuild_views(database, engines, [](Position) {});
    ASSERT_TRUE(rebuilt) << path << ": " << rebuilt.error().line();
    const auto verified = board::verify(database, ":memory:", engines, [](std::string_view, Position) {});
    EXPECT_TRUE(verified) << path << ": " << verified.error().line();
  }
  EXPECT_GT(logs, 0U);
  for (const auto& [kind, version] : missing)
    ADD_FAILURE() << "no fixture has " << kind << " in version " << version
                  << ": write one with QIPAN_WRITE_FIXTURE";
}
