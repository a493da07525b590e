#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace qipan::log {

/// Merkle tree hashing of RFC 6962 section 2.1, and the proofs of its sections 2.1.1 and 2.1.2 with the
/// verification algorithms of RFC 9162 section 2.1.3. Subtrees are those of the draft on Merkle tree
/// certificates: [start, end) with start a multiple of the smallest power of two that is not less than end -
/// start.
[[nodiscard]] Hash leaf_hash(std::string_view first, std::string_view second = {});
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);
[[nodiscard]] Hash empty_root();

/// Largest power of two smaller than size; size at least 2.
[[nodiscard]] std::uint64_t split_of(std::uint64_t size);

[[nodiscard]] bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                    std::span<const Hash> proof, const Hash& root);

/// size1 of 0 is an error: an empty tree is consistent with everything and proves nothing.
[[nodiscard]] bool verify_consistency(std::uint64_t size1, std::uint64_t size2, std::span<const Hash> proof,
                                      const Hash& root1, const Hash& root2);

[[nodiscard]] bool is_subtree(std::uint64_t start, std::uint64_t end);

[[nodiscard]] bool verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end,
                                            const Hash& leaf, std::span<const Hash> proof, const Hash& root);

/// An empty subtree is consistent with every tree, by an empty proof.
[[nodiscard]] bool verify_subtree_consistency(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                                              std::span<const Hash> proof, const Hash& subtree_root,
                                              const Hash& root);

}  // namespace qipan::log
