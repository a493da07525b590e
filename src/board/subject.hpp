#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"

namespace qipan::board {

/// What a fact is about: "grid_event:7", "thing:12", "pack:base". Kinds are case types, registers and what
/// engines name themselves, in one namespace (Engine::own_kinds, declared_kinds) that is checked when a pack
/// is. A kind with id 0 stands for no one thing: it has timers, and no history.
struct Subject {
  std::string_view kind;
  std::string_view name;  // behind the colon

  [[nodiscard]] static Subject of(std::string_view text);
  /// 0 where the name is no number.
  [[nodiscard]] std::int64_t id() const;
};

/// "grid_event:7".
[[nodiscard]] std::string subject_of(std::string_view kind, std::int64_t id);

/// Which facts touched which subject and whose it is, for all engines; timers by subject.
void create_subject_tables(Database& database);

/// Writer's thread, in a fold: the number of a kind, which the engine owns from its first fact on; 0 where
/// there is none and no engine is given.
[[nodiscard]] std::int64_t kind_number(Database& database, std::string_view kind, std::string_view engine);
/// Writer's thread, in a fold: the fact at `position` touched the subject of that kind and name.
void note_subject(Database& database, std::int64_t kind, std::string_view name, Position position);

/// Positions of a subject's facts, oldest first, so many at most.
[[nodiscard]] std::vector<Position> history_of(Database& reader, std::string_view subject,
                                               std::int64_t most = INT64_MAX);

/// Whose a subject is: the organisation that it is about, which its mandates may see, from the fact on that
/// said so. What is told of before is the office's.
struct Party {
  std::string subject;  // "enterprise:12"
  Position since = 0;
};
[[nodiscard]] std::optional<Party> party_of(Database& reader, std::string_view subject);
/// How many subjects of a kind are that party's.
[[nodiscard]] std::int64_t count_of_party(Database& reader, std::string_view kind, std::string_view party);
/// Writer's thread, in a fold: an empty party is nobody. Said again, the relation goes on.
void set_party(Database& database, std::int64_t kind, std::int64_t subject, std::string_view party,
               Position since);

/// When a subject wants to be looked at again, by which engine.
struct Timer {
  std::string engine;
  std::string subject;
  Instant due = 0;
};

/// Writer's thread, in a fold. A subject has one timer: set again, it moves. A fact of its kind came before.
void set_timer(Database& database, std::int64_t kind, std::int64_t subject, Instant due);
void clear_timer(Database& database, std::int64_t kind, std::int64_t subject);
/// The first by (due, kind in the order in which kinds came, id).
[[nodiscard]] std::optional<Timer> next_timer(Database& database);
/// That of a subject, if it has one.
[[nodiscard]] std::optional<Timer> timer_of(Database& database, std::string_view subject);

}  // namespace qipan::board
