#include "support/toy_engine.hpp"

#include <chrono>

#include "query/declare.hpp"

namespace qipan::test {

using board::Command;
using board::Decision;
using board::Fact;
using board::View;

namespace {

constexpr std::int64_t amount_max = 100;

std::int64_t amount_of(Database& database, std::int64_t account) {
  auto statement = database.prepare("SELECT amount FROM toy_accounts WHERE id=?");
  statement.bind(account);
  return statement.step() ? statement.integer(0) : 0;
}

/// "by" in version 1, "amount" in version 2, in version 3 with its currency.
Json changed(std::size_t version, std::int64_t by, const Json& body) {
  Json json = Json::object();
  json.set(version == 1 ? "by" : "amount", by);
  if (version == 3) json.set("currency", "CNY");
  if (body.has("token")) json.set("token", body["token"]);
  return json;
}

}  // namespace

void ToyEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE toy_accounts(id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, touched INTEGER NOT NULL, "
      "name TEXT AS ('account ' || id)) STRICT");
}

std::vector<query::Collection> ToyEngine::collections(Database&) const {
  using fields::Make;
  namespace types = fields::types;
  // The right of a pack that tests install: whoever reads cases finds accounts.
  query::Declare accounts({.name = "toy",
                           .title = {"账户", "Accounts"},
                           .right = "case",
                           .table = "toy_accounts",
                           .called = "name"});
  accounts.finds(Make("name", types::text()).titled("名称", "Name"))
      .has(Make("amount", types::integer()).titled("金额", "Amount"))
      .has(Make("touched", types::instant()).titled("变动时间", "Changed"));
  return {accounts.made()};
}

namespace {

/// Of a program of one version, with the fault that was planted.
struct Toy {
  std::size_t version;
  bool reads_clock;

  void change(Decision& decision, std::int64_t id, std::int64_t by) const {
    if (reads_clock) by += std::chrono::steady_clock::now().time_since_epoch().count() % 2;
    decision.record("toy.changed", board::subject_of("toy", id), changed(version, by, decision.body()));
  }

  Result<void> add(Decision& decision) const {
    const Json& body = decision.body();
    const std::int64_t id = body.integer_or("id", 0);
    const std::int64_t by = body.integer_or("by", 0);
    if (by == 0) return invalid("toy-nothing", "by", "0", "an amount other than 0", "say how much");
    change(decision, id, by);
    decision.answer(Json::object().set("amount", amount_of(decision.database(), id)));
    return {};
  }

  Result<void> move(Decision& decision) const {
    const Json& body = decision.body();
    const std::int64_t id = body.integer_or("id", 0);
    const std::int64_t by = body.integer_or("by", 0);
    // The taking is recorded before the check on purpose: a refusal must undo it.
    change(decision, id, -by);
    change(decision, body.integer_or("to", 0), by);
    if (amount_of(decision.database(), id) < 0) {
      return refuse({Problem::Kind::conflict, "toy-too-little", "by", std::to_string(by),
                     "what the account holds", "move less"});
    }
    return {};
  }
};

Result<void> later(Decision& decision) {
  const Json& body = decision.body();
  Json json = changed(1, body.integer_or("by", 0), body);
  json.set("due", decision.at() + body.integer_or("delay", 0));
  decision.record("toy.planned", board::subject_of("toy", body.integer_or("id", 0)), json);
  return {};
}

Result<void> fire(Decision& decision) {
  decision.record("toy.fired", board::subject_of("toy", decision.body().integer_or("id", 0)),
                  changed(1, 1, decision.body()));
  return {};
}

Result<void> reset(Decision& decision) {
  const std::int64_t id = decision.body().integer_or("id", 0);
  if (id % 5 == 0) return invalid("toy-never", "id", std::to_string(id), "an account that may be reset");
  decision.record("toy.reset_done", board::subject_of("toy", id), changed(1, 1, decision.body()));
  return {};
}

Json amount_from_by(Json body) {
  Json newer = Json::object();
  for (auto& [name, value] : body.take_members()) newer.set(name == "by" ? "amount" : name, std::move(value));
  return newer;
}

/// All were yuan before it was said.
Json with_currency(Json body) {
  Json newer = Json::object();
  for (auto& [name, value] : body.take_members()) {
    newer.set(name, std::move(value));
    if (name == "amount") newer.set("currency", "CNY");
  }
  return newer;
}

}  // namespace

std::vector<board::CommandType> ToyEngine::declare() const {
  using board::Sender;
  using fields::Make;
  namespace types = fields::types;
  // One body for all, as its tests ask one thing after another of the same account.
  const std::vector<fields::Field> body = {
      Make("id", types::integer()), Make("by", types::integer()),
      Make("to", types::integer()), Make("delay", types::integer()).between(INT64_MIN, INT64_MAX),
      Make("token", types::any()),  Make("secret", types::text()).personal()};
  const Toy toy{version_, planted_.decide_reads_clock};
  return {
      {.kind = "toy.add",
       .summary = "add to an account",
       .sender = Sender::anyone,
       .body = body,
       .run = [toy](Decision& decision) { return toy.add(decision); }},
      {.kind = "toy.move",
       .summary = "move between accounts",
       .sender = Sender::anyone,
       .body = body,
       .run = [toy](Decision& decision) { return toy.move(decision); }},
      {.kind = "toy.later",
       .summary = "add when a time has come",
       .sender = Sender::anyone,
       .body = body,
       .run = later},
      {.kind = "toy.reset",
       .summary = "empty an account",
       .sender = Sender::anyone,
       .body = body,
       .run = reset},
      {.kind = "toy.tick", .summary = "a time has come", .sender = Sender::house, .body = body, .run = fire}};
}

std::vector<board::FactType> ToyEngine::facts_until(std::size_t version) {
  std::vector<std::function<Json(Json)>> upcasters = {amount_from_by, with_currency};
  upcasters.resize(version - 1);
  return {{.kind = "toy.changed", .upcasters = std::move(upcasters)},
          {.kind = "toy.planned"},
          {.kind = "toy.fired"},
          {.kind = "toy.reset_done"}};
}

void ToyEngine::fold(const Fact& fact, View& view) {
  const std::int64_t id = fact.subject_id();
  std::int64_t touched = fact.at;
  if (planted_.fold_reads_clock) touched = std::chrono::system_clock::now().time_since_epoch().count();
  if (fact.kind == "toy.planned") {
    view.set_timer(fact.subject, fact.body["due"].integer());
    return;
  }
  if (fact.kind == "toy.fired") view.clear_timer(fact.subject);
  if (fact.kind == "toy.reset_done") {
    view.database().prepare("UPDATE toy_accounts SET amount=0 WHERE id=?").bind(id).run();
    return;
  }
  view.database()
      .prepare(
          "INSERT INTO toy_accounts(id, amount, touched) VALUES(?,?,?) ON CONFLICT(id) DO UPDATE SET "
          "amount=amount+excluded.amount, touched=excluded.touched")
      .bind(id)
      .bind(fact.body.has("amount") ? fact.body["amount"].integer() : fact.body["by"].integer())
      .bind(touched)
      .run();
}

void ToyEngine::named(const Command& command, Database&, std::vector<std::string>& subjects) const {
  subjects.push_back(board::subject_of("toy", command.body.integer_or("id", 0)));
  if (command.kind == "toy.move")
    subjects.push_back(board::subject_of("toy", command.body.integer_or("to", 0)));
}

void ToyEngine::react(const Fact& fact, Database& database, std::vector<Command>& reactions) {
  if (fact.kind != "toy.changed" || amount_of(database, fact.subject_id()) <= amount_max) return;
  Command reset;
  reset.kind = "toy.reset";
  reset.actor = "system:toy/reset";
  reset.body.set("id", fact.subject_id());
  reactions.push_back(std::move(reset));
}

}  // namespace qipan::test
