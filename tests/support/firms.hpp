#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "cmd/scratch.hpp"

namespace qipan::test {

inline constexpr const char* firms_roles_toml = R"(
[[roles]]
name = "visitor"
title = { zh = "走访员", en = "Visitor" }
grants = [ { resource = "case", actions = ["read"] }, { resource = "register", actions = ["read"] } ]
)";

inline constexpr const char* firms_registers_firm_toml = R"(
name = "firm"
title = { zh = "企业", en = "Firms" }
key = "code"
party_title = "name"
[[fields]]
name = "code"
type = "text"
required = true
sensitivity = "party"
title = { zh = "代码", en = "Code" }
[[fields]]
name = "name"
type = "text"
required = true
sensitivity = "public"
title = { zh = "名称", en = "Name" }
[[fields]]
name = "opinion"
type = "text"
title = { zh = "评语", en = "Opinion" }
)";

inline constexpr const char* firms_registers_site_toml = R"(
name = "site"
title = { zh = "场所", en = "Sites" }
key = "code"
[[fields]]
name = "code"
type = "text"
required = true
sensitivity = "party"
title = { zh = "代码", en = "Code" }
[[fields]]
name = "owner"
type = "reference"
to = ["firm"]
party = true
title = { zh = "所属企业", en = "Owner" }
[[fields]]
name = "remark"
type = "text"
sensitivity = "sensitive"
title = { zh = "备注", en = "Remark" }
)";

inline constexpr const char* firms_cases_asking_toml = R"(
name = "asking"
title = { zh = "诉求", en = "Request" }
initial = "open"
[create]
roles = ["party", "visitor"]
fields = ["firm", "wish"]
required = ["firm", "wish"]
[[fields]]
name = "firm"
type = "reference"
to = ["firm"]
party = true
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "wish"
type = "long_text"
sensitivity = "party"
title = { zh = "诉求", en = "Wish" }
[[fields]]
name = "other"
type = "reference"
to = ["site"]
title = { zh = "场所", en = "Site" }
[[fields]]
name = "note"
type = "text"
title = { zh = "内部意见", en = "Note" }
[[states]]
name = "open"
title = { zh = "待答复", en = "Open" }
[[states]]
name = "closed"
title = { zh = "已办结", en = "Closed" }
final = true
[[transitions]]
name = "add"
title = { zh = "补充", en = "Add" }
from = ["open"]
roles = ["party"]
fields = ["wish"]
[[transitions]]
name = "answer"
title = { zh = "答复", en = "Answer" }
from = ["open"]
to = "closed"
roles = ["visitor"]
fields = ["note"]
)";

inline constexpr const char* firms_cases_visit_toml = R"(
name = "visit"
title = { zh = "检查", en = "Visit" }
initial = "open"
[create]
roles = ["visitor"]
fields = ["firm", "finding", "thought"]
[[fields]]
name = "firm"
type = "reference"
to = ["firm"]
party = true
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "finding"
type = "text"
sensitivity = "party"
title = { zh = "问题", en = "Finding" }
[[fields]]
name = "thought"
type = "text"
title = { zh = "看法", en = "Thought" }
[[fields]]
name = "reply"
type = "text"
sensitivity = "party"
title = { zh = "说明", en = "Reply" }
[[states]]
name = "open"
title = { zh = "待说明", en = "Open" }
[[states]]
name = "explained"
title = { zh = "已说明", en = "Explained" }
[[states]]
name = "ended"
title = { zh = "已结束", en = "Ended" }
final = true
[[transitions]]
name = "explain"
title = { zh = "说明", en = "Explain" }
from = ["open", "explained"]
to = "explained"
roles = ["party"]
fields = ["reply"]
[[transitions]]
name = "correct"
title = { zh = "更正", en = "Correct" }
from = ["open", "explained"]
roles = ["visitor"]
fields = ["firm", "finding"]
[[transitions]]
name = "end"
title = { zh = "结束", en = "End" }
from = ["open", "explained"]
to = "ended"
roles = ["visitor"]
)";

inline constexpr const char* firms_notices_notices_toml = R"(
[[notices]]
name = "visited"
title = { zh = "检查告知", en = "Visited" }
on = "state"
case_type = "visit"
states = ["open"]
to = "party"
subject = { zh = "检查 {case}", en = "Visit {case}" }
text = { zh = "请在 {link} 说明。", en = "Explain at {link}." }
)";

/// A pack with organisations, what belongs to them, and cases that they open or that the office opens about
/// them.
inline std::map<std::string, std::string> firms_files() {
  std::map<std::string, std::string> files;
  files["pack.toml"] = "name = \"firms\"\nneeds = [\"base\"]\ntitle = { zh = \"企业\", en = \"Firms\" }\n";
  files["roles.toml"] = firms_roles_toml;
  files["registers/firm.toml"] = firms_registers_firm_toml;
  files["registers/site.toml"] = firms_registers_site_toml;
  files["cases/asking.toml"] = firms_cases_asking_toml;
  files["cases/visit.toml"] = firms_cases_visit_toml;
  files["notices/notices.toml"] = firms_notices_notices_toml;
  return files;
}

/// Two firms, a site of the first, and people without posts: boss 1, clerk 2, rival 3; safe 4 gives mandates.
inline void install_firms(cmd::Scratch& scratch) {
  pack::Problems problems;
  scratch.install(*pack::read_folder(QIPAN_SOURCE_DIR "/packs/base", problems), true, problems);
  const auto pack = pack::from_files(firms_files(), "firms", problems);
  ASSERT_TRUE(pack && problems.empty()) << problems.front().line();
  scratch.install(*pack, true, problems);
  ASSERT_TRUE(problems.empty()) << problems.front().line();
  const auto run = [&](const char* kind, const std::string& body, const std::string& email = "") {
    board::Command command;
    command.kind = kind;
    command.actor = "operator";
    command.body = *parse_json(body);
    if (!email.empty()) command.personal.push_back({"email", email});
    const auto outcome = scratch.board().decide(std::move(command));
    ASSERT_TRUE(outcome) << kind << outcome.error().line();
  };
  run("unit.create", R"({"code":"X","kind":"district","title_zh":"区","title_en":"District"})");
  for (const std::string login : {"boss", "clerk", "rival", "safe"})
    run("unit.add_person", R"({"login":")" + login + R"(","unit":"X","title_zh":"人","title_en":"Person"})",
        login == "clerk" ? "" : login + "@example.org");
  run("unit.give_post", R"({"login":"safe","role":"security_administrator","unit":"X"})");
  run("register.add", R"({"register":"firm","values":{"code":"F1","name":"One","opinion":"good"}})");
  run("register.add", R"({"register":"firm","values":{"code":"F2","name":"Two","opinion":"bad"}})");
  run("register.add", R"({"register":"site","values":{"code":"S1","owner":"firm:1","remark":"secret"}})");
}

}  // namespace qipan::test
