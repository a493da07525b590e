// Who is told what: declarations and their faults, recipients, attempts, and that a refold makes the same
// outbox.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/mail_address.hpp"
#include "board/pack_engine.hpp"
#include "board/refold.hpp"
#include "cmd/scratch.hpp"
#include "notices/declaration.hpp"
#include "notices/queries.hpp"

using namespace qipan;
using board::Command;

namespace {

constexpr Instant start = 1'780'000'000'000'000;

pack::Pack pack_of(std::map<std::string, Bytes> files) {
  pack::Problems problems;
  files["pack.toml"] = "name = \"told\"\ntitle = { zh = \"告\", en = \"Told\" }\n";
  return *pack::from_files(std::move(files), "told", problems);
}

std::vector<Problem> faults_of(const std::string& toml) {
  pack::Problems problems;
  std::ignore = notices::read_notices(pack_of({{"notices/n.toml", toml}}), problems);
  return problems;
}

constexpr const char* good = R"([[notices]]
name = "n"
title = { zh = "通知", en = "Notice" }
case_type = "grid_event"
states = ["dispatched"]
roles = ["handler"]
subject = { zh = "案件 {case}", en = "Case {case}" }
text = { zh = "{class} {place} {due} {responsible} {link}", en = "for {responsible}" }
)";

/// A district with the packs, one department with somebody in it, and a mail server.
class Told : public testing::Test {
 protected:
  Told() : scratch_(start) {
    pack::Problems problems;
    for (const char* name : {"base", "grid-events"})
      scratch_.install(*pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems), true,
                       problems);
    EXPECT_TRUE(problems.empty());
    run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
    run("unit.create",
        R"({"code":"D-HW","kind":"department","parent":"X","title_zh":"环卫","title_en":"Sanitation"})");
    run("unit.add_person", R"({"login":"leader","unit":"X","title_zh":"长","title_en":"Leader"})",
        {{"email", "l@example.org"}});
    run("unit.give_post", R"({"login":"leader","role":"shift_leader","unit":"X"})");
    run("unit.add_person", R"({"login":"hw","unit":"D-HW","title_zh":"手","title_en":"Hand"})");
    run("unit.give_post", R"({"login":"hw","role":"handler","unit":"D-HW"})");
  }

  board::Accepted run(const std::string& kind, const std::string& body,
                      std::vector<board::PersonalValue> personal = {},
                      const std::string& actor = "operator") {
    auto outcome = attempt(kind, body, std::move(personal), actor);
    EXPECT_TRUE(outcome) << kind << " " << (outcome ? "" : outcome.error().line());
    return outcome ? *outcome : board::Accepted{};
  }

  board::Outcome attempt(const std::string& kind, const std::string& body,
                         std::vector<board::PersonalValue> personal = {},
                         const std::string& actor = "operator") {
    Command command;
    command.kind = kind;
    command.actor = actor;
    command.body = *parse_json(body);
    command.personal = std::move(personal);
    command.at = now_;
    return scratch_.board().decide(std::move(command));
  }

  void mail() {
    run("notice.set_mail",
        R"({"host":"mail.example","port":25,"security":"none","from":"q@example.org","site":"https://q.example/"})");
  }

  /// A dispatched case.
  std::int64_t dispatched(const std::string& fields = "{}", std::vector<board::PersonalValue> personal = {}) {
    Json all = *parse_json(fields);
    all.set("description", "有垃圾");
    const auto made =
        run("case.create",
            Json::object().set("type", "grid_event").set("class", "S0102").set("fields", all).dump(),
            std::move(personal));
    const auto id = parse_json(made.answer)->integer_or("case", 0);
    run("case.transition", Json::object()
                               .set("id", id)
                               .set("transition", "file_and_dispatch")
                               .set("responsible", "D-HW")
                               .dump());
    return id;
  }

  std::vector<notices::NoticeRow> outbox(const std::string& state = "") {
    return notices::list_notices(scratch_.database(), {state, 0, 0, 100});
  }

  notices::NoticeRow notice(std::int64_t id) {
    for (auto& row : outbox()) {
      if (row.id == id) return row;
    }
    return {};
  }

  bool is_due(std::int64_t id, Instant now) {
    const auto due = notices::due_notices(scratch_.database(), now, 10);
    return std::any_of(due.begin(), due.end(), [&](const auto& row) { return row.id == id; });
  }

  void report(std::int64_t id, bool delivered, bool permanent = false) {
    run("notice.report",
        Json::object()
            .set("id", id)
            .set("delivered", delivered)
            .set("permanent", permanent)
            .set("told", "x")
            .dump(),
        {}, "system:outbox/courier");
  }

  void verify() {
    const auto same = board::verify(scratch_.database(), ":memory:", scratch_.board().engines(),
                                    [](std::string_view, Position) {});
    EXPECT_TRUE(same) << same.error().line();
  }

  cmd::Scratch scratch_;
  Instant now_ = start;
};

}  // namespace

TEST(MailAddress, IsNarrowerThanTheStandard) {
  for (const char* fits : {"a@b", "first.last+tag@example.org", "x_y@sub.example-1.cn"})
    EXPECT_TRUE(is_mail_address(fits)) << fits;
  for (const char* unfit : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", "a@b\r\nBcc: x@y", "<a@b>",
                            "a@.b", "a@b.", "a@b..c", "\"q\"@b", "张@b", "a@例.cn", "a,b@c"})
    EXPECT_FALSE(is_mail_address(unfit)) << unfit;
  EXPECT_FALSE(is_mail_address(std::string(120, 'a') + "@b"));
}

TEST(Notices, DeclarationsNameTheirFaultsWithLines) {
  EXPECT_TRUE(faults_of(good).empty());
  const auto fault = [](std::string_view from, std::string_view to) {
    std::string toml = good;
    toml.replace(toml.find(from), from.size(), to);
    const auto problems = faults_of(toml);
    EXPECT_EQ(problems.size(), 1U) << to;
    return problems.empty() ? Problem{} : problems[0];
  };
  EXPECT_EQ(fault("for {responsible}", "{who}").value, "{who}");
  EXPECT_EQ(fault("for {responsible}", "{case").value, "{case");
  EXPECT_NE(fault("roles = [\"handler\"]", "to = \"told\"\nroles = [\"handler\"]").rule.find("responsible"),
            std::string::npos);
  EXPECT_NE(
      fault("roles = [\"handler\"]", "to = \"everybody\"\nroles = [\"x\"]").field.find("notices/n.toml:"),
      std::string::npos);
  EXPECT_EQ(fault("Case {case}", "Case {link}").rule, "a subject without {link}");
  EXPECT_EQ(fault("for {responsible}", "{percent}").value, "{percent}");
  EXPECT_EQ(faults_of(std::string(good) + good).size(), 1U) << "each notice once";
}

TEST_F(Told, APackIsRefusedForATypeOrStateThatIsNot) {
  for (const auto& [from, to] :
       {std::pair("\"grid_event\"", "\"no_such_type\""), std::pair("\"dispatched\"", "\"x\"")}) {
    std::string toml = good;
    toml.replace(toml.find(from), std::string(from).size(), to);
    pack::Problems problems;
    std::map<std::string, Bytes> files{{"notices/n.toml", toml}};
    std::ignore =
        board::check_pack(pack_of(files), scratch_.board().engines(), scratch_.database(), problems);
    ASSERT_EQ(problems.size(), 1U) << to;
    EXPECT_NE(problems[0].rule.find(std::string(to) == "\"x\"" ? "a state of" : "a case type"),
              std::string::npos);
  }
}

TEST(Notices, WordsAreFilledInAndOtherBracesStay) {
  const notices::Words words{"7", {"垃圾", "Rubbish"}, "街口", "2026-01-01 10:00", {"环卫", "Sanitation"},
                             "80"};
  EXPECT_EQ(notices::filled("{case} {class} {place} {due} {responsible} {percent} {link} {", words, true),
            "7 垃圾 街口 2026-01-01 10:00 环卫 80 {link} {");
  EXPECT_EQ(notices::filled("{class}/{responsible}", words, false), "Rubbish/Sanitation");
  EXPECT_EQ(notices::with_link("a {link} b {link}", "https://x"), "a https://x b https://x");
}

TEST_F(Told, NobodyIsToldWhileNothingLeavesTheHouse) {
  dispatched();
  EXPECT_TRUE(outbox().empty());
}

TEST_F(Told, WhoMustActIsToldAndWhoHasNoAddressIsSeen) {
  mail();
  const auto first = dispatched();
  ASSERT_EQ(outbox().size(), 1U);
  EXPECT_EQ(outbox()[0].state, "unaddressed") << "the department's hand has no address yet";
  EXPECT_EQ(outbox()[0].case_id, first);
  EXPECT_TRUE(notices::due_notices(scratch_.database(), now_, 10).empty());
  run("unit.set_contact", R"({"login":"hw"})", {{"email", "hw@example.org"}});
  const auto second = dispatched();
  const auto due = notices::due_notices(scratch_.database(), now_, 10);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].case_id, second);
  EXPECT_EQ(due[0].target, "person:2");
  EXPECT_NE(due[0].subject.find("Case " + std::to_string(second)), std::string::npos);
  EXPECT_NE(due[0].text.find("Sanitation"), std::string::npos);
  EXPECT_NE(due[0].text.find("{link}"), std::string::npos) << "links are made when it leaves";
  EXPECT_EQ(due[0].text.find("hw@example.org"), std::string::npos);
  verify();
}

TEST_F(Told, WhoIsDispatchedToInsteadIsToldToo) {
  mail();
  run("unit.set_contact", R"({"login":"hw"})", {{"email", "hw@example.org"}});
  run("unit.create",
      R"({"code":"D-2","kind":"department","parent":"X","title_zh":"二","title_en":"Second"})");
  const auto id = dispatched();
  const auto before = outbox().size();
  run("case.transition", Json::object()
                             .set("id", id)
                             .set("transition", "redispatch")
                             .set("responsible", "D-2")
                             .set("comment", "归他们管")
                             .dump());
  ASSERT_EQ(outbox().size(), before + 1);
  EXPECT_EQ(outbox()[0].target, "unit:" + std::to_string(3))
      << "nobody of the second department has an address";
}

TEST_F(Told, WhatAnArchiveTellsIsNoNews) {
  mail();
  Command command;
  command.kind = "case.create";
  command.actor = "import:archive";
  command.body = *parse_json(R"({"type":"grid_event","class":"S0102","fields":{"description":"旧事"}})");
  command.personal = {{"fields/reporter_email", "me@example.org"}};
  command.at = now_;
  ASSERT_TRUE(scratch_.board().decide(std::move(command)));
  EXPECT_TRUE(outbox().empty());
}

TEST_F(Told, ReportersWhoLeftAnAddressAreTold) {
  mail();
  const auto id = dispatched("{}", {{"fields/reporter_email", "me@example.org"}});
  run("case.transition",
      Json::object().set("id", id).set("transition", "withdraw").set("comment", "x").dump());
  std::vector<std::string> names;
  for (const auto& row : outbox()) {
    if (row.target == "reporter") names.push_back(row.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"grid_event_answered", "grid_event_received"}));
}

TEST_F(Told, SupervisionTellsTheUnitThatIsToldAndTheOneAbove) {
  mail();
  const auto id = dispatched();
  const auto before = outbox().size();
  now_ += 30 * microseconds_per_day;
  run("case.comment", Json::object().set("id", id).set("text", "后来").dump());
  bool leader = false;
  for (const auto& row : outbox()) {
    if (row.name == "grid_event_supervised" && row.target == "person:1") leader = true;
  }
  EXPECT_GT(outbox().size(), before);
  EXPECT_TRUE(leader);
  verify();
}

TEST_F(Told, AttemptsWaitLongerAndEnd) {
  mail();
  run("unit.set_contact", R"({"login":"hw"})", {{"email", "hw@example.org"}});
  dispatched();
  const auto id = outbox()[0].id;
  Instant before = now_;
  for (int attempt = 1; attempt < 6; ++attempt) {
    report(id, false);
    const auto row = notice(id);
    EXPECT_EQ(row.state, "queued");
    EXPECT_EQ(row.attempts, attempt);
    EXPECT_GT(row.next_at, before) << "later than at once";
    EXPECT_FALSE(is_due(id, row.next_at - 1));
    EXPECT_TRUE(is_due(id, row.next_at));
    before = now_ = row.next_at;
  }
  report(id, false);
  EXPECT_EQ(notice(id).state, "given_up");
  EXPECT_FALSE(attempt("notice.report", Json::object().set("id", id).set("delivered", true).dump(), {},
                       "system:outbox/courier"))
      << "what was given up is not reported again";
  run("notice.retry", Json::object().set("id", id).dump());
  EXPECT_EQ(notice(id).state, "queued");
  report(id, true);
  EXPECT_EQ(notice(id).state, "sent");
  EXPECT_EQ(attempt("notice.retry", Json::object().set("id", id).dump()).error().code, "notice-not-given-up");
  verify();
}

TEST_F(Told, APermanentFailureEndsAtOnce) {
  mail();
  run("unit.set_contact", R"({"login":"hw"})", {{"email", "hw@example.org"}});
  dispatched();
  report(outbox()[0].id, false, true);
  EXPECT_EQ(outbox()[0].state, "given_up");
  EXPECT_EQ(outbox()[0].attempts, 1);
}

TEST_F(Told, WebhooksHearOfCasesInTheirUnitOnly) {
  run("unit.create", R"({"code":"S1","kind":"street","parent":"X","title_zh":"街","title_en":"Street"})");
  run("notice.add_webhook", R"({"name":"all","url":"https://hooks.example/a","unit":"X"})",
      {{"secret", "s"}});
  run("notice.add_webhook", R"({"name":"street","url":"https://hooks.example/b","unit":"S1"})",
      {{"secret", "s"}});
  run("notice.add_webhook", R"({"name":"department","url":"https://hooks.example/c","unit":"D-HW"})",
      {{"secret", "s"}});
  dispatched();
  std::map<std::string, int> told;
  for (const auto& row : outbox()) ++told[row.target];
  EXPECT_EQ(told["webhook:1"], 2) << "received and dispatched";
  EXPECT_EQ(told["webhook:2"], 0);
  EXPECT_EQ(told["webhook:3"], 1) << "from when the department answers";
  const auto body = parse_json(outbox()[0].text);
  ASSERT_TRUE(body) << outbox()[0].text;
  EXPECT_EQ((*body)["case"]["state"].text(), "dispatched");
  run("notice.retire_webhook", R"({"webhook":1})");
  const auto before = outbox().size();
  dispatched();
  EXPECT_EQ(outbox().size(), before + 1);
  EXPECT_EQ(attempt("notice.retire_webhook", R"({"webhook":1})").error().code, "webhook-unknown");
  verify();
}

TEST_F(Told, ADeadRouteHoldsUpNoOther) {
  mail();
  run("unit.set_contact", R"({"login":"hw"})", {{"email", "hw@example.org"}});
  run("notice.add_webhook", R"({"name":"all","url":"https://hooks.example/a","unit":"X"})",
      {{"secret", "s"}});
  for (int i = 0; i < 5; ++i) dispatched();
  std::map<std::string, int> routes;
  for (const auto& row : notices::due_notices(scratch_.database(), now_, 2)) ++routes[row.route()];
  EXPECT_EQ(routes, (std::map<std::string, int>{{"mail", 2}, {"webhook:1", 2}}));
}

TEST_F(Told, ChannelsAreCheckedAndOnlyForWhoManages) {
  const std::string fine =
      R"({"host":"mail.example","port":25,"security":"none","from":"q@example.org","site":"https://q"})";
  const auto with = [&](const std::string& field, Json value) {
    Json body = *parse_json(fine);
    body.set(field, std::move(value));
    const auto outcome = attempt("notice.set_mail", body.dump());
    return outcome ? std::string("accepted") : outcome.error().code;
  };
  EXPECT_EQ(with("host", "two words"), "text-unfit");
  EXPECT_EQ(with("host", "mail\r\nRCPT"), "field-unfit");
  EXPECT_EQ(with("host", "user@mail"), "host-unfit");
  EXPECT_EQ(with("port", 0), "field-unfit");
  EXPECT_EQ(with("port", 65'536), "field-unfit");
  EXPECT_EQ(with("security", "maybe"), "field-unfit");
  EXPECT_EQ(with("from", "nobody"), "field-unfit");
  EXPECT_EQ(with("site", "ftp://q"), "url-unfit");
  EXPECT_EQ(with("login", "me"), "password-in-the-clear");
  EXPECT_EQ(attempt("notice.set_mail", fine, {}, "person:1").error().code, "not-permitted");
  EXPECT_EQ(attempt("notice.queue", R"({"messages":[{}]})", {}, "person:1").error().code, "not-permitted");
  EXPECT_EQ(attempt("notice.queue", R"({"messages":[]})", {}, "system:x/y").error().code, "messages-needed");
  EXPECT_EQ(attempt("notice.remove_mail", "{}").error().code, "no-mail-server");
  for (const char* url :
       {"javascript:alert(1)", "http://", "https://user@host/", "https://a b/", "file:///etc/passwd"}) {
    const auto outcome =
        attempt("notice.add_webhook", Json::object().set("name", "n").set("url", url).set("unit", "X").dump(),
                {{"secret", "s"}});
    EXPECT_EQ(outcome ? "accepted" : outcome.error().code, "url-unfit") << url;
  }
}

TEST_F(Told, APasswordStaysWithItsServerAlone) {
  run("notice.set_mail",
      R"({"host":"a","port":587,"security":"tls","from":"q@example.org","login":"me","site":"https://q"})",
      {{"password", "secret"}});
  EXPECT_TRUE(notices::mail_server(scratch_.database())->password.is_object());
  run("notice.set_mail",
      R"({"host":"a","port":465,"security":"tls","from":"q@example.org","login":"me","site":"https://q"})");
  EXPECT_TRUE(notices::mail_server(scratch_.database())->password.is_object()) << "kept for the same server";
  EXPECT_EQ(
      attempt(
          "notice.set_mail",
          R"({"host":"evil","port":465,"security":"tls","from":"q@example.org","login":"me","site":"https://q"})")
          .error()
          .code,
      "password-needed");
}

// What a case refers to is told by its name: to the office what is not sensitive, to others what is for them.
TEST_F(Told, NamesWhatTheCaseRefersTo) {
  const std::string firm = R"(name = "firm"
title = { zh = "企业", en = "Firm" }
key = "code"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
sensitivity = "public"
required = true
[[fields]]
name = "workers"
type = "integer"
title = { zh = "人数", en = "Workers" }
[[fields]]
name = "remark"
type = "text"
title = { zh = "备注", en = "Remark" }
sensitivity = "sensitive"
)";
  const std::string visit = R"(name = "visit"
title = { zh = "走访", en = "Visit" }
initial = "open"
[create]
roles = ["handler"]
fields = ["firm", "word"]
[[fields]]
name = "firm"
type = "reference"
to = ["firm"]
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "word"
type = "text"
title = { zh = "话", en = "Word" }
[[states]]
name = "open"
title = { zh = "待办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[transitions]]
name = "end"
title = { zh = "办结", en = "End" }
from = ["open"]
to = "done"
roles = ["handler"]
)";
  const auto install = [&](const std::string& subject, const std::string& to) {
    const std::string notice =
        "[[notices]]\nname = \"v\"\ntitle = { zh = \"走访\", en = \"Visit\" }\n"
        "case_type = \"visit\"\nstates = [\"open\"]\n" +
        to + "\nsubject = { zh = \"" + subject +
        "\", en = \"{case}\" }\n"
        "text = { zh = \"{firm.workers}人 {firm.code}\", en = \"{link}\" }\n";
    pack::Problems problems;
    scratch_.install(
        pack_of({{"registers/firm.toml", firm}, {"cases/visit.toml", visit}, {"notices/n.toml", notice}}),
        true, problems);
    return problems.empty() ? std::string() : problems.front().line();
  };
  const std::string office = "roles = [\"shift_leader\"]";
  EXPECT_NE(install("{firm.remark}", office).find("{firm.remark}"), std::string::npos);
  EXPECT_NE(install("{firm.nothing}", office).find("{firm.nothing}"), std::string::npos);
  EXPECT_NE(install("{word.code}", office).find("{word.code}"), std::string::npos);
  EXPECT_NE(install("{firm.}", office).find("{firm.}"), std::string::npos);
  EXPECT_NE(install("{firm.code}", "to = \"party\"").find("{firm.workers}"), std::string::npos)
      << "how many work there is the office's alone";
  ASSERT_EQ(install("{firm.code}走访", office), "");
  mail();
  run("register.add", R"({"register":"firm","values":{"code":"甲{link}厂","workers":12}})");
  run("case.create", R"({"type":"visit","fields":{"firm":"firm:1"}})");
  run("case.create", R"({"type":"visit","fields":{"word":"甲"}})");
  const auto told = outbox();
  ASSERT_EQ(told.size(), 2U);
  const auto subject = [&](std::size_t at) { return told[at].subject; };
  EXPECT_EQ(subject(1), "甲（link）厂走访 / 1");
  EXPECT_EQ(subject(0), "-走访 / 2");
}
