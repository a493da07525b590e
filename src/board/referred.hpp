#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "board/engine.hpp"

namespace qipan::board {

/// Whether rules may name it of what a reference names: then everybody who may be told what a rule said is
/// told something of it, so it is neither personal nor sensitive.
[[nodiscard]] bool is_told_through_references(const query::Property& property);

/// What subjects say now, for rules that follow references: by the collections of all engines, which are read
/// when one is first asked for. Writer's thread.
class Referred {
 public:
  /// After a change of the configuration: what packs declare is read again.
  void forget() { collections_.clear(); }
  [[nodiscard]] expr::Value values_of(std::string_view subject, Database& database,
                                      const Directory& directory,
                                      const std::vector<std::unique_ptr<Engine>>& engines);

 private:
  std::map<std::string, query::Collection, std::less<>> collections_;  // by kind
};

}  // namespace qipan::board
