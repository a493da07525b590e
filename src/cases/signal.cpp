#include "board/directory.hpp"
#include "cases/steps.hpp"

namespace qipan::cases {

using board::Decision;

namespace {

struct Signalled {
  std::int64_t id = 0;
  std::string subject;
};

std::optional<Signalled> open_case_of(Database& database, const std::string& signal) {
  auto statement = database.prepare(
      "SELECT id, type FROM case_cases WHERE open=1 AND signal=? AND signal<>'' ORDER BY id DESC LIMIT 1");
  statement.bind(signal);
  if (!statement.step()) return std::nullopt;
  return Signalled{statement.integer(0), board::subject_of(statement.text(1), statement.integer(0))};
}

Result<std::string> signal_of(const Decision& decision) {
  const std::string signal = decision.body().text_or("signal", "");
  if (signal.empty()) return signal;
  if (!decision.actor().starts_with("system:") && decision.actor() != "operator")
    return refuse({Problem::Kind::forbidden, "signal-not-permitted", "signal", shortened(signal),
                   "no signal, except from the system itself", "leave it out"});
  return signal;
}

}  // namespace

Result<bool> signalled_again(Decision& decision) {
  QIPAN_TRY(signal, signal_of(decision));
  const auto open = open_case_of(decision.database(), signal);
  if (!open) return false;
  Json fact = Json::object();
  fact.set("signal", signal);
  if (decision.body().has("fields")) fact.set("report", decision.body()["fields"]);
  for (const std::string_view said : {"place", "source", "external", "class", "x", "y", "unit"})
    if (decision.body().has(said)) fact.set(said, decision.body()[said]);
  decision.record("case.signalled", open->subject, std::move(fact));
  decision.answer(Json::object().set("case", open->id));
  return true;
}

Result<void> decide_signal_ended(Decision& decision) {
  QIPAN_TRY(signal, signal_of(decision));
  Json fact = Json::object();
  fact.set("signal", signal);
  if (decision.body().has("value")) fact.set("value", decision.body()["value"]);
  const auto open = open_case_of(decision.database(), signal);
  // Without one nobody waits for it: the case was closed before, or its creation was refused.
  decision.record(open ? "case.signal_ended" : "case.signal_unheard", open ? open->subject : "case:0",
                  std::move(fact));
  return {};
}

}  // namespace qipan::cases
