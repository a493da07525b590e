#include "log/tree.hpp"

#include <bit>

#include "base/assert.hpp"
#include "log/merkle.hpp"

namespace qipan::log {

namespace {

Bytes joined(const std::vector<Hash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * 32);
  for (const Hash& hash : hashes) bytes += view_of(hash);
  return bytes;
}

std::vector<Hash> split(std::string_view bytes) {
  std::vector<Hash> hashes;
  hashes.reserve(bytes.size() / 32);
  for (std::size_t at = 0; at + 32 <= bytes.size(); at += 32)
    hashes.push_back(*hash_from(bytes.substr(at, 32)));
  return hashes;
}

/// Root over any number of hashes of equal height (RFC 6962's MTH without the leaf step).
Hash root_of(std::span<const Hash> hashes) {
  if (hashes.size() == 1) return hashes[0];
  const auto half = static_cast<std::size_t>(split_of(hashes.size()));
  return node_hash(root_of(hashes.first(half)), root_of(hashes.subspan(half)));
}

/// Reads nodes of a stored tree; keeps the last tile of each level, as neighbouring reads meet there.
class Nodes {
 public:
  explicit Nodes(Database& reader) : reader_(reader) {}

  /// Root of the leaves [start, end) where start is aligned as RFC 6962 splits.
  Hash range(std::uint64_t start, std::uint64_t end) {
    const std::uint64_t count = end - start;
    if (std::has_single_bit(count)) return complete(start, count);
    const std::uint64_t half = split_of(count);
    return node_hash(range(start, start + half), range(start + half, end));
  }

 private:
  Hash complete(std::uint64_t start, std::uint64_t count) {
    std::size_t level = 0;
    while (count >= Tree::tile_width) {
      start /= Tree::tile_width;
      count /= Tree::tile_width;
      ++level;
    }
    const auto& hashes = tile(level, start / Tree::tile_width);
    const auto first = static_cast<std::size_t>(start % Tree::tile_width);
    QIPAN_ASSERT(first + count <= hashes.size());
    return root_of(std::span(hashes).subspan(first, static_cast<std::size_t>(count)));
  }

  const std::vector<Hash>& tile(std::size_t level, std::uint64_t number) {
    if (level >= kept_.size()) kept_.resize(level + 1);
    auto& kept = kept_[level];
    if (kept.hashes.empty() || kept.number != number) {
      auto statement = reader_.prepare("SELECT hashes FROM log_tiles WHERE level=? AND tile=?");
      statement.bind(static_cast<std::int64_t>(level)).bind(number);
      QIPAN_ASSERT(statement.step());
      kept = {number, split(statement.blob(0))};
    }
    return kept.hashes;
  }

  struct Kept {
    std::uint64_t number = 0;
    std::vector<Hash> hashes;
  };
  Database& reader_;
  std::vector<Kept> kept_;
};

void inclusion_path(Nodes& nodes, std::uint64_t index, std::uint64_t start, std::uint64_t end,
                    std::vector<Hash>& proof) {
  if (end - start == 1) return;
  const std::uint64_t middle = start + split_of(end - start);
  if (index < middle) {
    inclusion_path(nodes, index, start, middle, proof);
    proof.push_back(nodes.range(middle, end));
  } else {
    inclusion_path(nodes, index, middle, end, proof);
    proof.push_back(nodes.range(start, middle));
  }
}

/// SUBPROOF of RFC 6962 section 2.1.2; `whole` says that the old root is what the verifier already holds.
void consistency_path(Nodes& nodes, std::uint64_t size1, std::uint64_t start, std::uint64_t end, bool whole,
                      std::vector<Hash>& proof) {
  if (size1 == end) {
    if (!whole) proof.push_back(nodes.range(start, end));
    return;
  }
  const std::uint64_t middle = start + split_of(end - start);
  if (size1 <= middle) {
    consistency_path(nodes, size1, start, middle, whole, proof);
    proof.push_back(nodes.range(middle, end));
  } else {
    consistency_path(nodes, size1, middle, end, false, proof);
    proof.push_back(nodes.range(start, middle));
  }
}

}  // namespace

void Tree::create_tables(Database& database) {
  database.execute(
      "CREATE TABLE log_tiles(level INTEGER NOT NULL, tile INTEGER NOT NULL, hashes BLOB NOT NULL, "
      "PRIMARY KEY(level, tile)) STRICT, WITHOUT ROWID");
}

Tree::Tree(Database& database) : database_(database) {
  reload();
}

void Tree::reload() {
  edges_.clear();
  full_.clear();
  size_ = 0;
  auto statement = database_.prepare(
      "SELECT level, tile, hashes FROM log_tiles t WHERE tile=(SELECT max(tile) FROM log_tiles WHERE "
      "level=t.level) "
      "ORDER BY level");
  while (statement.step()) {
    Edge edge;
    edge.tile = static_cast<std::uint64_t>(statement.integer(1));
    edge.hashes = split(statement.blob(2));
    if (edges_.empty()) size_ = edge.tile * tile_width + edge.hashes.size();
    if (edge.hashes.size() == tile_width) {
      ++edge.tile;
      edge.hashes.clear();
    }
    QIPAN_ASSERT(static_cast<std::size_t>(statement.integer(0)) == edges_.size());
    edges_.push_back(std::move(edge));
  }
}

void Tree::append(const Hash& leaf) {
  append_at(0, leaf);
  ++size_;
}

void Tree::append_at(std::size_t level, const Hash& hash) {
  if (level >= edges_.size()) edges_.resize(level + 1);
  edges_[level].hashes.push_back(hash);
  edges_[level].dirty = true;
  if (edges_[level].hashes.size() < tile_width) return;
  const Hash above = root_of(edges_[level].hashes);
  full_.push_back({level, edges_[level].tile, std::move(edges_[level].hashes)});
  edges_[level] = Edge{edges_[level].tile + 1, {}, false};
  append_at(level + 1, above);
}

void Tree::flush() {
  const auto write = [&](std::size_t level, std::uint64_t tile, const std::vector<Hash>& hashes) {
    auto statement = database_.prepare("INSERT OR REPLACE INTO log_tiles(level, tile, hashes) VALUES(?,?,?)");
    statement.bind(static_cast<std::int64_t>(level)).bind(tile).bind_blob(joined(hashes)).run();
  };
  for (const Full& full : full_) write(full.level, full.tile, full.hashes);
  full_.clear();
  for (std::size_t level = 0; level < edges_.size(); ++level) {
    if (!edges_[level].dirty) continue;
    write(level, edges_[level].tile, edges_[level].hashes);
    edges_[level].dirty = false;
  }
}

Hash Tree::root() const {
  if (size_ == 0) return empty_root();
  // Right to left: each level's loose hashes are one subtree of the final fold.
  std::optional<Hash> right;
  for (const Edge& edge : edges_) {
    std::size_t count = edge.hashes.size();
    while (count > 0) {
      const std::size_t part = count & (~count + 1);  // lowest set bit: the smallest complete subtree
      const Hash left = root_of(std::span(edge.hashes).subspan(count - part, part));
      right = right ? node_hash(left, *right) : left;
      count -= part;
    }
  }
  return *right;
}

Hash Tree::root_at(Database& reader, std::uint64_t size) {
  if (size == 0) return empty_root();
  Nodes nodes(reader);
  return nodes.range(0, size);
}

std::vector<Hash> Tree::inclusion_proof(Database& reader, std::uint64_t index, std::uint64_t size) {
  QIPAN_ASSERT(index < size);
  std::vector<Hash> proof;
  Nodes nodes(reader);
  inclusion_path(nodes, index, 0, size, proof);
  return proof;
}

std::vector<Hash> Tree::consistency_proof(Database& reader, std::uint64_t size1, std::uint64_t size2) {
  QIPAN_ASSERT(size1 > 0 && size1 <= size2);
  std::vector<Hash> proof;
  Nodes nodes(reader);
  consistency_path(nodes, size1, 0, size2, true, proof);
  return proof;
}

}  // namespace qipan::log
