#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "query/collection.hpp"
#include "search/wanted.hpp"

namespace qipan::search {

/// Of one state of the packs: the same object as long as it holds.
using Collections = std::shared_ptr<const std::vector<query::Collection>>;

/// The searchable properties of a collection, in order. None: nothing of it is found by words.
[[nodiscard]] std::vector<const query::Property*> searched(const query::Collection& collection);
/// Whether names and codes of it are found by the first letters of their readings.
[[nodiscard]] bool by_initials(const query::Property& property);

/// Whether only who sees sensitive values of a row finds it by this.
[[nodiscard]] bool is_hidden(const query::Property& property);

/// Where candidates are looked for.
struct Within {
  std::vector<std::int64_t> units = {};  // none: in all
  bool sensitive = false;                // also in sensitive texts: for who sees them in all of these
};

/// Takes the index of a district's folder away: it is made anew from what the district says then.
void remove_index(const std::string& folder);
/// Its file.
[[nodiscard]] std::string index_path(const std::string& folder);

/// Which subjects have which words, in a file of its own beside the district: made from the collections'
/// tables, it follows the log, and whatever is wrong with it is cured by making it again. It names candidates
/// alone: whether a reader finds one is decided by what its row says now (Wanted::found_in). One at a time;
/// readers have connections of their own.
class Index {
 public:
  /// Opens the one of the folder, or makes it: also where the one that is there is of another program, or
  /// knows more than the district, or what has been redacted since.
  Index(const std::string& folder, Database& reader);

  /// Takes in what the district said since, and what of it was never taken in, until the time is up. True
  /// where nothing is left.
  bool update(Database& reader, const Collections& collections, std::chrono::steady_clock::time_point until);
  /// Facts below this one are taken in.
  [[nodiscard]] Position position() const { return position_; }

  /// Numbers of candidates of one kind below `below`, newest first, so many at most. Any thread, by a
  /// connection to index_path().
  [[nodiscard]] static std::vector<std::int64_t> candidates(Database& index, std::string_view kind,
                                                            const Wanted& wanted, const Within& within,
                                                            std::int64_t below, std::int64_t most);

 private:
  struct Kind {
    std::int64_t number = 0;
    std::string declared;     // what of it is taken in, as the tables were when it was
    std::int64_t filled = 0;  // entries up to this number are taken in; INT64_MAX: all
    const query::Collection* collection = nullptr;
  };
  void make();
  void read_state();
  void learn(const Collections& collections);
  bool follow(Database& reader, std::chrono::steady_clock::time_point until);
  bool fill(Database& reader, std::chrono::steady_clock::time_point until);
  void take_in(Database& reader, const Kind& kind, std::int64_t id);
  void put(const Kind& kind, std::int64_t id, const std::string& texts, const std::string& units);
  void put_state();

  std::string path_;
  std::unique_ptr<Database> database_;
  Position position_ = 0;
  std::map<std::string, Kind, std::less<>> kinds_;
  Collections collections_;  // which kinds_ are of
};

}  // namespace qipan::search
