#include "log/merkle.hpp"

#include <bit>
#include <limits>

#include "base/assert.hpp"
#include "base/crypto.hpp"

namespace qipan::log {

Hash leaf_hash(std::string_view first, std::string_view second) {
  return sha256(std::string_view("\0", 1), first, second);
}

Hash node_hash(const Hash& left, const Hash& right) {
  return sha256("\x01", view_of(left), view_of(right));
}

Hash empty_root() {
  return sha256({});
}

std::uint64_t split_of(std::uint64_t size) {
  QIPAN_ASSERT(size >= 2);
  return std::bit_floor(size - 1);
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1U) == 1 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Hash> proof,
                        const Hash& root1, const Hash& root2) {
  return size1 > 0 && verify_subtree_consistency(0, size1, size2, proof, root1, root2);
}

bool is_subtree(std::uint64_t start, std::uint64_t end) {
  if (start >= end || end - start > (std::uint64_t{1} << 63U)) return false;
  return start % std::bit_ceil(end - start) == 0;
}

bool verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end, const Hash& leaf,
                              std::span<const Hash> proof, const Hash& root) {
  return is_subtree(start, end) && index >= start &&
         verify_inclusion(index - start, end - start, leaf, proof, root);
}

bool verify_subtree_consistency(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                                std::span<const Hash> proof, const Hash& subtree_root, const Hash& root) {
  if (start == end && end <= size) return proof.empty() && subtree_root == empty_root();
  if (!is_subtree(start, end) || end > size) return false;
  std::uint64_t first = start;
  std::uint64_t node = end - 1;
  std::uint64_t last = size - 1;
  const auto rise = [&] {
    first >>= 1U;
    node >>= 1U;
    last >>= 1U;
  };
  // The subtree's own rightmost complete node is where the two paths part; above it both hashes grow
  // together.
  while (first != node && (node == last || (node & 1U) == 1)) rise();
  Hash old_hash = subtree_root;
  if (first != node) {
    if (proof.empty()) return false;
    old_hash = proof.front();
    proof = proof.subspan(1);
  }
  Hash new_hash = old_hash;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1U) == 1 || node == last) {
      if (first < node) old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      while ((node & 1U) == 0 && last != 0) rise();
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    rise();
  }
  return last == 0 && old_hash == subtree_root && new_hash == root;
}

}  // namespace qipan::log
