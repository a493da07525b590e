// What engines declare of their commands, and the description of the API that is made from it.
#include <gtest/gtest.h>

#include <set>

#include "cmd/engines.hpp"
#include "face/app/routes.hpp"

using namespace qipan;

namespace {

std::set<std::string> kinds_sent(const face::RouteTable& table) {
  std::set<std::string> kinds;
  for (const face::Route& route : table.routes())
    if (route.sends != nullptr) kinds.insert(route.sends->kind);
  return kinds;
}

}  // namespace

TEST(Commands, AreDeclaredWhole) {
  const auto engines = cmd::make_engines();
  std::set<std::string> kinds;
  for (const auto& engine : engines) {
    for (const board::CommandType& type : engine->commands()) {
      EXPECT_TRUE(kinds.insert(type.kind).second) << type.kind;
      EXPECT_EQ(board::engine_of(type.kind), engine->name()) << type.kind;
      EXPECT_FALSE(type.summary.empty()) << type.kind;
      EXPECT_TRUE(type.run) << type.kind;
      std::set<std::string> names;
      for (const fields::Field& field : type.body) EXPECT_TRUE(names.insert(field.name).second) << field.name;
      for (const std::string& name : type.supplied) EXPECT_TRUE(names.contains(name)) << type.kind << name;
      EXPECT_EQ(board::find_command(engines, type.kind), &type);
    }
  }
  EXPECT_EQ(board::find_command(engines, "case.nothing"), nullptr);
  EXPECT_GE(kinds.size(), 40U);
}

// What somebody outside may do is a request.
TEST(Commands, OfOutsideHaveARequest) {
  const auto engines = cmd::make_engines();
  const face::RouteTable table(engines);
  const auto sent = kinds_sent(table);
  for (const auto& engine : engines) {
    for (const board::CommandType& type : engine->commands()) {
      EXPECT_EQ(sent.contains(type.kind), board::from_outside(type.sender)) << type.kind;
    }
  }
}

TEST(OpenApi, SaysWhatEveryAnswerIs) {
  const auto engines = cmd::make_engines();
  const face::RouteTable table(engines);
  for (const face::Route& route : table.routes())
    EXPECT_TRUE(route.gives != "application/json" || !route.answer.is_null()) << route.pattern;
}

TEST(OpenApi, SaysWhatARequestHasAndWhatItDoesNot) {
  const auto engines = cmd::make_engines();
  const Json document = face::RouteTable(engines).openapi();
  const auto properties = [&](const char* path, const char* method) {
    return document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
                   ["properties"];
  };
  const Json comment = properties("/api/v1/cases/{id}/comments", "post");
  EXPECT_TRUE(comment.has("text"));
  EXPECT_FALSE(comment.has("id")) << "stands in the path";
  EXPECT_FALSE(comment.has("external"));
  const Json token = properties("/api/v1/units/issue_token", "post");
  EXPECT_TRUE(token.has("purpose"));
  EXPECT_FALSE(token.has("hash")) << "the program adds it";
  EXPECT_TRUE(properties("/api/v1/units/set_password", "post").has("present_password"));
  EXPECT_EQ(document["paths"]["/api/v1/units/create"]["post"].text_or("x-right", ""), "manage unit");
  EXPECT_EQ(comment["text"]["maxLength"], Json(2'000));
}
