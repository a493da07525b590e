#include "support/whole_district.hpp"

#include <gtest/gtest.h>

#include "board/pack_engine.hpp"
#include "cmd/seeds.hpp"

namespace qipan::test {

using board::Command;

Command made(std::string kind, Json body) {
  Command command;
  command.kind = std::move(kind);
  command.actor = "operator";
  command.body = std::move(body);
  return command;
}

namespace {

constexpr const char* register_toml = R"(
name = "lamp_post"
title = { zh = "灯杆", en = "Lamp post" }
key = "code"
geometry = "point"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
[[fields]]
name = "height"
type = "decimal"
title = { zh = "高度", en = "Height" }
min = 0
max = 40
[[fields]]
name = "keeper"
type = "text"
sensitivity = "personal"
title = { zh = "管护人", en = "Keeper" }
[[fields]]
name = "pictures"
type = "photos"
title = { zh = "照片", en = "Pictures" }
[[fields]]
name = "owner"
type = "reference"
to = ["owner"]
party = true
title = { zh = "产权单位", en = "Owner" }
)";

constexpr const char* owner_toml = R"(
name = "owner"
title = { zh = "产权单位", en = "Owner" }
key = "code"
party_title = "code"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
sensitivity = "party"
)";

/// What a look at a lamp post changes of it, and the fault that it opens.
constexpr const char* check_toml = R"(
name = "tower_check"
title = { zh = "灯杆检查", en = "Tower check" }
initial = "open"
subject = "post"
[create]
roles = ["intake"]
fields = ["post"]
[[fields]]
name = "post"
type = "reference"
to = ["lamp_post"]
title = { zh = "灯杆", en = "Post" }
[[states]]
name = "open"
title = { zh = "未办", en = "Open" }
[[states]]
name = "done"
title = { zh = "办结", en = "Done" }
final = true
[[transitions]]
name = "look"
title = { zh = "查看", en = "Look" }
from = ["open"]
roles = ["intake"]
guard = "post = null or post.retired = false"
guard_title = { zh = "未注销", en = "not retired" }
[[transitions.changes]]
set = { height = "if post.height = null then 1 else post.height + 1" }
[[transitions.opens]]
type = "tower_fault"
set = { description = "if post.code = null then \"?\" else post.code" }
[[transitions]]
name = "end"
title = { zh = "办结", en = "End" }
from = ["open"]
to = "done"
roles = ["intake"]
)";

/// Who owns lamp posts, and somebody who acts for the first of them.
void add_owners(std::vector<Command>& commands) {
  for (const char* code : {"one", "two"})
    commands.push_back(
        made("register.add",
             Json::object().set("register", "owner").set("values", Json::object().set("code", code))));
  commands.push_back(
      made("unit.give_mandate", *parse_json(R"({"login":"w","party":"owner:1","reason":"letter"})")));
}

/// Somebody to be told, a mail server, and a listener.
void add_outbox(std::vector<Command>& commands) {
  commands.push_back(
      made("unit.add_person", *parse_json(R"({"login":"w","unit":"D-SW","title_zh":"水","title_en":"W"})")));
  commands.back().personal.push_back({"email", "w@example.org"});
  commands.push_back(made("unit.give_post", *parse_json(R"({"login":"w","role":"handler","unit":"D-SW"})")));
  commands.push_back(made(
      "notice.set_mail",
      *parse_json(
          R"({"host":"mail","port":25,"security":"none","from":"q@example.org","site":"https://q.example"})")));
  commands.push_back(
      made("notice.add_webhook", *parse_json(R"({"name":"n","url":"https://hooks.example/","unit":"X"})")));
  commands.back().personal.push_back({"secret", "s"});
}

}  // namespace

/// Installed packs depend on each other's set, so each install command is made as a running district would.
pack::Pack towers(std::int64_t version, const std::string& title) {
  pack::Problems problems;
  const std::string number = std::to_string(version);
  const std::string transition = version % 2 == 0 ? "settle" : "finish";
  auto pack = pack::from_files(
      {{"pack.toml", "name = \"towers\"\nversion = " + number +
                         "\nneeds = [\"base\"]\ntitle = { zh = \"灯\", en = \"" + title + "\" }"},
       {"registers/lamp-post.toml", register_toml},
       {"registers/owner.toml", owner_toml},
       {"cases/tower-check.toml", check_toml},
       {"cases/tower-fault.toml",
        "name = \"tower_fault\"\ntitle = { zh = \"灯杆故障\", en = \"Tower fault\" }\ninitial = \"open\"\n"
        "[create]\nroles = [\"anonymous\", \"party\"]\nfields = [\"description\"]\n"
        "[[fields]]\nname = \"description\"\ntype = \"text\"\ntitle = { zh = \"描述\", en = \"Description\" "
        "}\n"
        "[[states]]\nname = \"open\"\ntitle = { zh = \"未办\", en = \"Open\" }\n"
        "[[states]]\nname = \"done\"\ntitle = { zh = \"办结\", en = \"Done\" }\nfinal = true\n"
        "[[transitions]]\nname = \"" +
            transition +
            "\"\ntitle = { zh = \"办结\", en = \"Done\" }\nfrom = "
            "[\"open\"]\nto = \"done\"\nroles = [\"handler\", \"party\"]\n"},
       {"sensing/limits.toml",
        "[[limits]]\nname = \"high\"\nproperty = \"p\"\nabove = " + std::to_string(49 + version) +
            "\nminimum_minutes = 1\nsource = \"own\"\ncase_type = \"grid_event\"\n"
            "title = { zh = \"高\", en = \"High\" }"}},
      "towers", problems);
  EXPECT_TRUE(problems.empty()) << problems.front().line();
  return std::move(*pack);
}

std::vector<Command> whole_district() {
  std::vector<Command> commands;
  std::int64_t set = 0;
  const auto install = [&](const pack::Pack& pack) {
    Database none(":memory:");
    board::PackEngine().create_tables(none);
    for (Command& command : board::install_commands({&pack, 1}, none)) {
      if (command.kind == "pack.install") command.body.set("checked_against", set++);
      commands.push_back(std::move(command));
    }
  };
  pack::Problems problems;
  for (const char* name : {"base", "grid-events", "sensing"}) {
    const auto pack = pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems);
    install(*pack);
    for (auto& seed : cmd::seed_commands(*pack, {}, "", problems)) {
      // The few classes that are played with: a thousand districts are made.
      const std::string code = seed.body.text_or("code", "");
      if (code.size() == 3 || code == "B0101" || code == "B0103" || code == "S0102" || code == "S0502")
        commands.push_back(std::move(seed));
    }
  }
  install(towers(1));
  for (const char* kind : {"measurement", "category"}) {
    commands.push_back(made("register.add", Json::object()
                                                .set("register", "datastream")
                                                .set("values", Json::object()
                                                                   .set("code", kind)
                                                                   .set("title_zh", "流")
                                                                   .set("title_en", "stream")
                                                                   .set("thing", "t")
                                                                   .set("observed_property", "p")
                                                                   .set("kind", kind)
                                                                   .set("silence_minutes", 2))));
  }
  commands.push_back(
      made("unit.create", *parse_json(R"({"code":"X","kind":"district","title_zh":"区","title_en":"D"})")));
  commands.push_back(
      made("unit.create",
           *parse_json(R"({"code":"X1","kind":"street","parent":"X","title_zh":"街","title_en":"S"})")));
  commands.push_back(made(
      "unit.create",
      *parse_json(
          R"({"code":"X1G","kind":"grid","parent":"X1","title_zh":"格","title_en":"G","geometry":[[0,0,1000,0,1000,1000,0,1000]]})")));
  commands.push_back(made(
      "unit.create",
      *parse_json(R"({"code":"D-SW","kind":"department","parent":"X","title_zh":"水","title_en":"W"})")));
  add_outbox(commands);
  add_owners(commands);
  EXPECT_TRUE(problems.empty());
  return commands;
}

}  // namespace qipan::test
