#include "log/merkle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "log/tree.hpp"

using namespace qipan;
using namespace qipan::log;

namespace {

Hash hash_of(const nlohmann::json& text) {
  const auto raw = from_base64(text.get<std::string>());
  const auto hash = raw ? hash_from(*raw) : std::nullopt;
  // Some vectors hold "don't care" texts for hashes: each stands for a hash of its own that nothing leads to.
  return hash.value_or(sha256(text.get<std::string>()));
}

std::vector<Hash> proof_of(const nlohmann::json& list) {
  std::vector<Hash> proof;
  if (list.is_array()) {
    for (const auto& item : list) proof.push_back(hash_of(item));
  }
  return proof;
}

bool holds(const std::string& group, const nlohmann::json& v) {
  // A reader of hashes refuses an empty one before any proof is looked at.
  for (const auto* name : {"root", "leafHash", "root1", "root2"}) {
    if (v.contains(name) && (v[name].is_null() || v[name].get<std::string>().empty())) return false;
  }
  const auto proof = proof_of(v["proof"]);
  if (group == "inclusion")
    return verify_inclusion(v["leafIdx"], v["treeSize"], hash_of(v["leafHash"]), proof, hash_of(v["root"]));
  if (group == "consistency")
    return verify_consistency(v["size1"], v["size2"], proof, hash_of(v["root1"]), hash_of(v["root2"]));
  if (group == "subtreeinclusion") {
    return verify_subtree_inclusion(v["leafIdx"], v["start"], v["end"], hash_of(v["leafHash"]), proof,
                                    hash_of(v["root"]));
  }
  return verify_subtree_consistency(v["start"], v["end"], v["size"], proof, hash_of(v["root1"]),
                                    hash_of(v["root2"]));
}

}  // namespace

TEST(MerkleVectors, EachEndsAsItSays) {
  const char* shared = std::getenv("QIPAN_SHARED");
  // Unset, or empty as make has it where nothing lies beside the project.
  if (shared == nullptr || *shared == '\0') GTEST_SKIP() << "QIPAN_SHARED names no folder of vectors";
  const auto root = std::filesystem::path(shared) / "vectors/tlog/merkle-testdata";
  int total = 0;
  int passed = 0;
  for (const auto* group : {"inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / group)) {
      if (entry.path().extension() != ".json") continue;
      ++total;
      std::ifstream file(entry.path());
      const auto vector = nlohmann::json::parse(file);
      const bool expected = !vector.at("wantErr").get<bool>();
      const bool got = holds(group, vector);
      EXPECT_EQ(got, expected) << entry.path();
      passed += got == expected ? 1 : 0;
    }
  }
  std::cout << "tlog vectors: " << passed << " of " << total << " end as they say\n";
  EXPECT_GE(total, 518);
}

// RFC 6962 trees, built the slow way from the definition, are the oracle for the tiles.
static Hash plain_root(const std::vector<Hash>& leaves, std::size_t from, std::size_t to) {
  if (to - from == 1) return leaves[from];
  const auto half = static_cast<std::size_t>(split_of(to - from));
  return node_hash(plain_root(leaves, from, from + half), plain_root(leaves, from + half, to));
}

TEST(Tree, RootsAndProofsAgreeWithTheDefinition) {
  Database database(":memory:");
  Tree::create_tables(database);
  Tree tree(database);
  EXPECT_EQ(tree.root(), empty_root());
  std::vector<Hash> leaves;
  for (int i = 0; i < 1'100; ++i) {
    leaves.push_back(leaf_hash("fact " + std::to_string(i)));
    tree.append(leaves.back());
    if (i % 7 == 0 || i > 1'000) tree.flush();
    if (i % 97 == 0) tree.reload();
    if (i % 97 == 0) leaves.resize(tree.size());
    ASSERT_EQ(tree.size(), leaves.size());
    ASSERT_EQ(tree.root(), plain_root(leaves, 0, leaves.size()));
  }
  tree.flush();
  const auto size = leaves.size();
  for (std::size_t i = 0; i < size; i += 13) {
    const auto proof = Tree::inclusion_proof(database, i, size);
    EXPECT_TRUE(verify_inclusion(i, size, leaves[i], proof, tree.root()));
    EXPECT_FALSE(verify_inclusion(i, size, leaves[(i + 1) % size], proof, tree.root()));
  }
  for (std::size_t old = 1; old <= size; old += 11) {
    const auto proof = Tree::consistency_proof(database, old, size);
    EXPECT_TRUE(verify_consistency(old, size, proof, plain_root(leaves, 0, old), tree.root())) << old;
    EXPECT_EQ(Tree::root_at(database, old), plain_root(leaves, 0, old));
  }
}

TEST(Tree, CrossesTwoLevelsOfTiles) {
  Database database(":memory:");
  Tree::create_tables(database);
  Tree tree(database);
  std::vector<Hash> leaves;
  for (int i = 0; i < 70'000; ++i) {
    leaves.push_back(leaf_hash(std::to_string(i)));
    tree.append(leaves.back());
  }
  tree.flush();
  tree.reload();
  EXPECT_EQ(tree.size(), leaves.size());
  EXPECT_EQ(tree.root(), plain_root(leaves, 0, leaves.size()));
  EXPECT_TRUE(verify_inclusion(65'535, 70'000, leaves[65'535],
                               Tree::inclusion_proof(database, 65'535, 70'000), tree.root()));
}
