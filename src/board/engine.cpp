#include "board/engine.hpp"

namespace qipan::board {

std::int64_t Fact::subject_id() const {
  return Subject::of(subject).id();
}

void View::set_timer(std::string_view subject, Instant due) {
  board::set_timer(database_, subject, due);
}

void View::clear_timer(std::string_view subject) {
  board::clear_timer(database_, subject);
}

bool Engine::folds(std::string_view kind) const {
  return engine_of(kind) == name();
}
void Engine::check_pack(const pack::Pack&, Database&, pack::Problems&, Json&) {}
void Engine::react(const Fact&, Database&, std::vector<Command>&) {}
log::Audience Engine::audience(std::string_view, std::string_view) const {
  return log::Audience::internal;
}
bool Engine::configures(std::string_view) const {
  return false;
}
void Engine::name_beside(Database&, Beside&) const {}
std::vector<std::string> Engine::subject_kinds(Database&, const Json&) const {
  return {std::string(name())};
}
void Engine::named(const Command&, Database&, std::vector<std::string>&) const {}
void Engine::reload(Database&) {}

std::string_view engine_of(std::string_view kind) {
  return kind.substr(0, kind.find('.'));
}

}  // namespace qipan::board
