#include "base/instant.hpp"
#include "cases/cases_engine.hpp"
#include "cases/steps.hpp"

// What the engine can be asked to do.

namespace qipan::cases {

using board::CommandType;
using board::Sender;
using fields::Field;
using fields::Make;
namespace types = fields::types;

namespace {

Field x() {
  return Make("x", types::integer()).means("longitude in 1e-7 degrees");
}
Field y() {
  return Make("y", types::integer()).means("latitude in 1e-7 degrees");
}
Field instant_of(const char* name) {
  return Make(name, types::integer())
      .between(instant_min, instant_max)
      .means("microseconds since 1970 in UTC");
}
Field class_code() {
  return Make("class", types::text()).means("code of a class of the case's type");
}
Field fields_of_form(const char* means) {
  return Make("fields", types::object()).means(means);
}

// Which case: by its number, or by the id that its source gave it.
Field id() {
  return Make("id", types::integer()).means("the case's number");
}
Field source() {
  return Make("source", types::text()).most(external_id_max).means("which system it comes from");
}
Field external() {
  return Make("external", types::text()).most(external_id_max).means("its id in the system it comes from");
}
Field case_answer() {
  return Make("case", types::integer()).required().means("the case's number");
}

CommandType create() {
  return {.kind = "case.create",
          .summary = "open a case",
          .sender = Sender::anyone,
          .body = {Make("type", types::text()).required().means("a case type of an installed pack"),
                   class_code(), x(), y(), Make("place", types::text()).most(place_max),
                   Make("unit", types::text()).means("code of the unit whose place it is, where it has none"),
                   source(), external(), fields_of_form("as the case type's form asks"),
                   Make("occurred", types::instant()).means("when it happened, as the sender says"),
                   instant_of("due"),
                   Make("signal", types::text()).means("what raised it, so that it is raised once")},
          .answer = {case_answer()}};
}

CommandType archive() {
  return {
      .kind = "case.archive",
      .summary = "a report of an archive as its source has it now: opened, amended or closed",
      .sender = Sender::house,
      .body = {Make("type", types::text()).required(), class_code(), x(), y(),
               Make("place", types::text()).most(place_max), Make("unit", types::text()),
               Make(source()).between(1, external_id_max).required(),
               Make(external()).between(1, external_id_max).required(),
               fields_of_form("as the case type's form asks"), Make(instant_of("created")).required(),
               instant_of("closed"), instant_of("due"), instant_of("as_of"),
               Make("transition", types::text()).means("how it ended")},
      .answer = {case_answer(), Make("outcome", types::choice()).options({"created", "amended", "closed"}),
                 Make("late", types::boolean())}};
}

CommandType transition() {
  return {.kind = "case.transition",
          .summary = "take a transition of a case",
          .body = {id(), source(), external(), Make("transition", types::text()).required(),
                   Make("comment", types::long_text()).most(comment_max), class_code(), x(), y(),
                   Make("responsible", types::text()).means("code of the unit that is to answer for it"),
                   Make("extension", types::any()).means("how much longer, in the kind of the main limit"),
                   Make("parent", types::integer()).means("the case that it is a duplicate of"),
                   fields_of_form("as the transition's form asks")},
          .answer = {case_answer(), Make("state", types::text()).required()}};
}

CommandType comment() {
  return {.kind = "case.comment",
          .summary = "comment on a case",
          .right = {{"comment", "case"}},
          .body = {id(), source(), external(),
                   Make("text", types::long_text()).between(1, comment_max).required()}};
}

CommandType define_class() {
  return {.kind = "case.define_class",
          .summary = "add a class to a case type",
          .sender = Sender::house,
          .right = {{"manage", "class"}},
          .body = {Make("type", types::text()).required().most(100),
                   Make("code", types::text()).required().most(100), Make("parent", types::text()).most(300),
                   Make("title_zh", types::text()).required().most(100),
                   Make("title_en", types::text()).required().most(100),
                   Make("origin", types::text()).most(300)}};
}

CommandType on_personal(std::string kind, std::string summary, std::string_view action) {
  return {.kind = std::move(kind),
          .summary = std::move(summary),
          .right = {{action, "case"}},
          .body = {Make(id()).required(), Make("field", types::text()).required(),
                   Make("purpose", types::text()).between(2, 200).required().means("why it is needed")}};
}

CommandType recompute() {
  return {
      .kind = "case.recompute",
      .summary =
          "deadlines of open cases that end in [due_from, due_to) anew by the newest calendars, 100 cases at "
          "a time; without a range the provisional ones",
      .right = {{"install", "calendar"}},
      .body = {Make("due_from", types::instant()), Make("due_to", types::instant())},
      .answer = {Make("count", types::integer()).required(), Make("more", types::boolean()).required()}};
}

}  // namespace

std::vector<CommandType> CasesEngine::declare() {
  const auto runs = [](CommandType type, std::function<Result<void>(board::Decision&)> run) {
    type.run = std::move(run);
    return type;
  };
  using board::Decision;
  return {runs(create(), [this](Decision& decision) { return decide_create(decision, lookups_); }),
          runs(archive(), [this](Decision& decision) { return decide_archive(decision, lookups_); }),
          runs(transition(), [this](Decision& decision) { return decide_transition(decision, lookups_); }),
          runs(comment(), decide_comment),
          runs(define_class(), decide_define_class),
          runs(on_personal("case.reveal", "see a personal value; recorded", "reveal"),
               [this](Decision& decision) { return decide_reveal(decision, lookups_); }),
          runs(on_personal("case.erase", "erase a personal value for good; recorded", "erase"),
               [this](Decision& decision) { return decide_erase(decision, lookups_); }),
          runs(recompute(), [this](Decision& decision) { return decide_recompute(decision, lookups_); }),
          runs({.kind = "case.signal_ended",
                .summary = "what a source gave a case for has ended",
                .sender = Sender::house,
                .body = {Make("signal", types::text()).required(), Make("value", types::text())}},
               decide_signal_ended),
          runs({.kind = "case.tick",
                .summary = "a limit of a case has reached a mark",
                .sender = Sender::house,
                .body = {Make(id()).required()}},
               [this](Decision& decision) { return decide_tick(decision, lookups_); })};
}

}  // namespace qipan::cases
