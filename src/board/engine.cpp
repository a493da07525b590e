#include "board/engine.hpp"

#include <charconv>

namespace qipan::board {

std::int64_t Fact::subject_id() const {
  const auto colon = subject.find(':');
  std::int64_t id = 0;
  if (colon != std::string_view::npos) {
    std::from_chars(subject.data() + colon + 1, subject.data() + subject.size(), id);
  }
  return id;
}

void View::set_timer(std::string_view engine, std::int64_t subject, Instant due) {
  database_
      .prepare(
          "INSERT INTO board_timers(engine, subject, due) VALUES(?,?,?) "
          "ON CONFLICT(engine, subject) DO UPDATE SET due=excluded.due")
      .bind(engine)
      .bind(subject)
      .bind(due)
      .run();
}

void View::clear_timer(std::string_view engine, std::int64_t subject) {
  database_.prepare("DELETE FROM board_timers WHERE engine=? AND subject=?").bind(engine).bind(subject).run();
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

void Engine::reload(Database&) {}

std::string_view engine_of(std::string_view kind) {
  return kind.substr(0, kind.find('.'));
}

std::string subject_of(std::string_view kind, std::int64_t id) {
  return std::string(kind) + ":" + std::to_string(id);
}

}  // namespace qipan::board
