#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/database.hpp"

namespace qipan::log {

/// The log's Merkle tree, kept as the hashes of complete nodes at every eighth level in tiles of 256 (the
/// shape of C2SP tlog-tiles), so that an append writes a few kilobytes and start-up reads one row a level.
class Tree {
 public:
  static constexpr std::uint64_t tile_width = 256;

  static void create_tables(Database& database);

  explicit Tree(Database& database);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Adds a leaf in memory; nothing is written before flush().
  void append(const Hash& leaf);
  /// Writes the tiles that changed, inside the caller's transaction.
  void flush();
  /// Forgets what was not committed, and reads the edge again.
  void reload();

  [[nodiscard]] Hash root() const;
  /// RFC 6962 proofs, against the tree of `size` leaves (at most size()); read through `reader`, which may be
  /// another connection. Only flushed leaves.
  [[nodiscard]] static Hash root_at(Database& reader, std::uint64_t size);
  [[nodiscard]] static std::vector<Hash> inclusion_proof(Database& reader, std::uint64_t index,
                                                         std::uint64_t size);
  [[nodiscard]] static std::vector<Hash> consistency_proof(Database& reader, std::uint64_t size1,
                                                           std::uint64_t size2);

 private:
  struct Edge {
    std::uint64_t tile = 0;    // number of the tile being filled
    std::vector<Hash> hashes;  // what it holds so far
    bool dirty = false;
  };
  void append_at(std::size_t level, const Hash& hash);

  Database& database_;
  std::uint64_t size_ = 0;
  std::vector<Edge> edges_;
  struct Full {
    std::size_t level;
    std::uint64_t tile;
    std::vector<Hash> hashes;
  };
  std::vector<Full> full_;  // tiles completed since the last flush
};

}  // namespace qipan::log
