#include "board/deciding.hpp"

#include "base/assert.hpp"

namespace qipan::board {

std::size_t bytes_of(const log::CommandRecord& command) {
  std::size_t bytes =
      80 + command.actor.size() + command.kind.size() + command.key.size() + command.answer.size() + 32;
  for (const auto& fact : command.facts) bytes += 24 + fact.kind.size() + fact.subject.size() + fact.bytes();
  if (command.said) bytes += 4 + command.said->bytes.size();
  return bytes;
}

Position Deciding::record(std::string_view kind, std::string_view subject, Json body) {
  const FactType* type = find_fact_type(board_.engines_, kind);
  QIPAN_ASSERT(type != nullptr && !type->block);  // an engine declares what it records
  // Who acted for whom stands in the fact (design §4b.19).
  if (!stood_in_for_.empty() && body.is_object()) {
    Json people = Json::array();
    for (const PersonId person : stood_in_for_) people.push(subject_of("person", person.value));
    body.set("acting_for", std::move(people));
  }
  // What is folded now is what a refold reads: members in the order of the parts.
  const Engine* owner = board_.engine(engine_of(kind));
  const log::FieldShares* shares =
      owner == nullptr ? nullptr : owner->shares_of(subject.substr(0, subject.find(':')));
  static const log::FieldShares none;
  log::Cut cut = log::cut(
      std::move(body), [type](std::string_view member) { return type->audience(member); },
      shares == nullptr ? none : *shares);
  for (const log::Part& part : cut.parts) fits_ = fits_ && is_utf8(part.bytes);
  fits_ = fits_ && is_within(cut.body, {.bytes_max = log::batch_bytes_max});
  log::FactRecord fact{std::string(kind), std::string(subject), std::move(cut.parts), type->version()};
  return add(*type, std::move(fact), std::move(cut.body));
}

Position Deciding::record_block(std::string_view kind, std::string_view subject, Bytes block) {
  const FactType* type = find_fact_type(board_.engines_, kind);
  QIPAN_ASSERT(type != nullptr && type->block && log::is_block(block));
  log::FactRecord fact{std::string(kind), std::string(subject), {}};
  fact.parts.push_back({log::Audience::internal, std::move(block), {}});
  return add(*type, std::move(fact), Json());
}

Position Deciding::add(const FactType& type, log::FactRecord fact, Json body) {
  const Position position = group_.batch.first + group_.facts;
  auto& facts = group_.batch.commands[index_].facts;
  facts.push_back(std::move(fact));
  const log::FactRecord& added = facts.back();
  // What could not be read back must never be written: the command is refused when it has been decided.
  const bool fits = added.kind.size() <= log::name_bytes_max && added.subject.size() <= log::name_bytes_max &&
                    is_utf8(added.subject);
  fits_ = fits_ && fits && facts.size() <= log::command_facts_max;
  ++group_.facts;
  fold_fact(
      board_.engines_, type,
      {position, at_, command_.occurred, command_.actor, added.kind, added.subject, body, added.block()},
      board_.view_);
  if (type.configures) board_.stale_ = true;
  bodies_.push_back(std::move(body));
  return position;
}

}  // namespace qipan::board
