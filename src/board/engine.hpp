#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/database.hpp"
#include "base/json.hpp"
#include "board/command.hpp"
#include "board/command_type.hpp"
#include "board/fact_type.hpp"
#include "board/subject.hpp"
#include "expr/value.hpp"
#include "fields/following.hpp"
#include "log/fact.hpp"
#include "pack/pack.hpp"
#include "query/collection.hpp"

namespace qipan::board {

class Directory;
class Engine;

/// One fact as folds and reactions see it.
struct Fact {
  Position position = 0;
  Instant at = 0;
  std::optional<Instant> occurred;
  std::string_view actor;
  std::string_view kind;
  std::string_view subject;     // "grid_event:12"
  const Json& body;             // null for a block
  std::string_view block = {};  // of a fact that holds many values; never begins like JSON

  [[nodiscard]] std::int64_t subject_id() const;
};

/// What a fold may touch: tables of its own, and the timers of its subjects. No clock, no chance, no
/// calendar.
class View {
 public:
  explicit View(Database& database) : database_(database) {}
  [[nodiscard]] Database& database() { return database_; }
  /// What was folded may have been undone: numbers of kinds are read again.
  void forget() { kinds_.clear(); }
  /// Whose subject a fact is about, and that it touched it.
  void note_subject(std::string_view subject, std::string_view engine, Position position);
  /// A sealed value that the tables named until now and nothing does any more: after the commit it leaves the
  /// vault for good. Anything else says nothing.
  void gone(const Json& reference);
  /// Ids of such, also of commands that were undone; told once.
  [[nodiscard]] std::vector<std::string> take_gone() { return std::exchange(gone_, {}); }
  /// The one timer of a subject: fires as `<engine>.tick` at `due`, with its id. Set again, it moves.
  void set_timer(std::string_view subject, Instant due);
  void clear_timer(std::string_view subject);
  /// The party that the fact at `position` says its subject is of; anything but a text: nobody.
  void set_party(std::string_view subject, const Json& party, Position position);

 private:
  std::int64_t kind_number(std::string_view kind, std::string_view engine);
  Database& database_;
  std::map<std::string, std::int64_t, std::less<>> kinds_;
  std::vector<std::string> gone_;
};

/// One command being decided. Everything recorded is folded at once, so what is read next is the new state; a
/// refusal undoes it all.
class Decision {
 public:
  virtual ~Decision() = default;
  [[nodiscard]] virtual const Command& command() const = 0;
  [[nodiscard]] virtual Instant at() const = 0;
  /// Reads only.
  [[nodiscard]] virtual Database& database() = 0;
  [[nodiscard]] virtual const Directory& directory() = 0;
  /// All engines of the district: only for installing packs, which every engine checks.
  [[nodiscard]] virtual const std::vector<std::unique_ptr<Engine>>& engines() const = 0;
  /// What the subject of that name says now, by the collection of its kind, as a FEEL context: values that
  /// are neither personal nor sensitive, `id` and `subject`; null where there is none. The rules of a pack
  /// ask, whoever's command it is.
  [[nodiscard]] virtual expr::Value referred(std::string_view subject) = 0;
  /// Adds a fact with every result in its body. Returns its position.
  virtual Position record(std::string_view kind, std::string_view subject, Json body) = 0;
  /// The same for a body that is a columnar block: bytes that the engine's own codec reads. The first byte
  /// must not be one that JSON begins with (design §4.9).
  virtual Position record_block(std::string_view kind, std::string_view subject, Bytes block) = 0;
  /// What the sender is told besides the position.
  virtual void answer(Json answer) = 0;

  [[nodiscard]] const Json& body() const { return command().body; }
  [[nodiscard]] const std::string& actor() const { return command().actor; }
};

/// What an engine's tables name that lies beside the log.
struct Beside {
  std::vector<Json> sealed;        // references into the vault
  std::set<std::string> contents;  // hashes of files in the content store
};

/// A pack that is looked at before it is installed. What it and the district declare by name, engines that
/// never call each other tell and ask here: "role", "case_type", "state grid_event", "mail grid_event".
struct PackCheck {
  const pack::Pack& pack;
  Database& database;
  pack::Problems& problems;
  Json& steps;  // what installing it will do, a member an engine or more
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> names = {};
  /// What there will be to be asked once the pack is installed, by name.
  std::map<std::string, query::Collection, std::less<>> collections = {};

  void declare(const std::string& kind, std::string_view name) { names[kind].emplace(name); }
  [[nodiscard]] bool knows(std::string_view kind, std::string_view name) const;
  /// Notes a fault of `place` unless a role of that name is this pack's or stands in the district.
  void check_role(const std::string& role, const std::string& place);
  /// Tells that there is such a collection, and what can be named of its kind through a reference: "value of
  /// firm".
  void declare_values(const query::Collection& collection);
  /// Notes a fault of `place` for each that some kind to which its reference may point has not.
  void check_followed(const std::vector<fields::Followed>& followed,
                      const std::vector<fields::Field>& declared, const std::string& place);
  /// Registers tell "text of enterprise for party" of each field that may be taken over, with who may read
  /// it; notes a fault where a field is to be prefilled from what has no such one of its own type, or from
  /// one that fewer may read than it.
  void check_prefills(const std::vector<fields::Field>& declared, const std::string& place);
};

/// A part of the district: its commands, its facts, its tables. Engines never call each other; they meet in
/// the log. All functions run on the writer's thread.
class Engine {
 public:
  virtual ~Engine() = default;
  /// First part of its commands' and facts' kinds, and of its tables' names.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Raised whenever fold() would make other tables from the same facts: views are then rebuilt at start.
  [[nodiscard]] virtual int fold_version() const = 0;
  virtual void create_tables(Database& database) const = 0;
  /// Whether fold() wants facts of this kind; own facts by default.
  [[nodiscard]] virtual bool folds(std::string_view kind) const;
  /// Its commands, each with what decides it: the same list as long as the engine lives.
  [[nodiscard]] virtual const std::vector<CommandType>& commands() const = 0;
  /// Its facts: what it records and no other; the same list as long as the engine lives.
  [[nodiscard]] virtual const std::vector<FactType>& facts() const = 0;
  virtual void fold(const Fact& fact, View& view) = 0;
  /// Notes what this engine finds wrong with a pack, adds to the steps what its fold will do when the pack is
  /// installed, and declares names that others ask. Reads only.
  virtual void check_pack(PackCheck& check);
  /// Whether it asks for names of others when it checks a pack, and so comes after them.
  [[nodiscard]] virtual bool asks_names() const { return false; }
  /// Commands that follow from a fact. Actor and cause are set by the board.
  virtual void react(const Fact& fact, Database& database, std::vector<Command>& reactions);
  /// What it calls its own subjects: kinds that nobody else has and no pack may declare.
  [[nodiscard]] virtual std::vector<std::string> own_kinds() const;
  /// Kinds of subjects that packs declared to it, and those that the steps of another pack would.
  [[nodiscard]] virtual std::vector<std::string> declared_kinds(Database& database, const Json& steps) const;
  /// Kinds of subjects that fields of the steps refer to, each of which must be somebody's.
  [[nodiscard]] virtual std::vector<std::string> referred_kinds(const Json& steps) const;
  /// Adds the subjects that a command names: what is due for them comes before it, everything else may come
  /// behind (design §4b.8).
  virtual void named(const Command& command, Database& database, std::vector<std::string>& subjects) const;
  /// Adds what its tables name that must lie in the vault and in the content store.
  virtual void name_beside(Database& database, Beside& beside) const;
  /// Which fields of a kind of its subjects have an audience of their own in facts. As its memory has it;
  /// null for none.
  [[nodiscard]] virtual const log::FieldShares* shares_of(std::string_view subject_kind) const;
  /// What it has of subjects that readers find, as its tables and the packs declare it now. Any thread, with
  /// a reader of its own.
  [[nodiscard]] virtual std::vector<query::Collection> collections(Database& reader) const;
  /// Reads again what it keeps in memory; called before the next decision when the configuration changed or a
  /// change was undone.
  virtual void reload(Database& database);
};

/// Those of fields whose sensitivity says so.
[[nodiscard]] log::FieldShares shares_of_fields(const std::vector<fields::Field>& fields);

/// The part of a kind before its first dot.
[[nodiscard]] std::string_view engine_of(std::string_view kind);

/// Of all engines; null where none has such a command.
[[nodiscard]] const CommandType* find_command(const std::vector<std::unique_ptr<Engine>>& engines,
                                              std::string_view kind);

}  // namespace qipan::board
