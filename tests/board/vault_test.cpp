// The vault and its keys: values under keys of their own, epochs that end, and a list that holds against
// older copies.
#include "board/vault.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file.hpp"
#include "support/folder.hpp"

using namespace qipan;
using namespace qipan::board;
namespace fs = std::filesystem;

namespace {

class Epochs : public testing::Test {
 protected:
  Epochs() { fs::create_directories(folder_ / "keys"); }
  [[nodiscard]] std::string keys() const { return (folder_ / "keys").string(); }
  [[nodiscard]] std::string file() const { return (folder_ / "vault.db").string(); }
  [[nodiscard]] Vault open() const { return {file(), *VaultKeys::make(keys(), 1'000), {}}; }
  static Json kept(Vault& vault, std::string_view value) {
    Json reference = vault.put(value);
    vault.commit();
    return reference;
  }
  /// The file as a backup has it.
  void copy(const std::string& from, const std::string& to) const {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  }

  test::Folder folder_{"vault"};
};

}  // namespace

TEST_F(Epochs, AnErasedValueDoesNotComeBackWithAnOlderCopy) {
  Json gone;
  Json stays;
  {
    Vault vault = open();
    gone = kept(vault, "13800000000");
    stays = kept(vault, "13900000000");
  }
  copy(file(), (folder_ / "backup.db").string());
  {
    Vault vault = open();
    ASSERT_TRUE(vault.erase({gone["vault"].text()}));
    EXPECT_EQ(vault.reveal(gone).error().code, "personal-value-gone");
  }
  copy((folder_ / "backup.db").string(), file());
  Vault vault = open();
  EXPECT_TRUE(vault.has(gone)) << "the copy has it still";
  ASSERT_TRUE(vault.erase_listed());
  EXPECT_FALSE(vault.has(gone));
  EXPECT_TRUE(vault.check(gone)) << "that it is gone is no fault";
  EXPECT_EQ(vault.reveal(stays).value(), "13900000000");
}

TEST_F(Epochs, AnOlderCopyOpensNoMoreOnceItsEpochIsDestroyed) {
  Json value;
  {
    Vault vault = open();
    value = kept(vault, "13800000000");
  }
  copy(file(), (folder_ / "backup.db").string());
  {
    Vault vault = open();
    ASSERT_TRUE(vault.turn(2'000));
    EXPECT_EQ(*vault.destroy_ended(9'000, 0), 0U) << "its key still wraps something";
    EXPECT_TRUE(vault.rewrap(10));
    EXPECT_FALSE(vault.rewrap(10));
    EXPECT_EQ(*vault.destroy_ended(9'000, 100), 0U) << "it ended just now";
    EXPECT_EQ(*vault.destroy_ended(9'099, 100), 0U);
    EXPECT_EQ(*vault.destroy_ended(9'100, 100), 1U);
    EXPECT_EQ(*vault.destroy_ended(INT64_MAX, 0), 0U) << "never the newest";
    EXPECT_EQ(vault.reveal(value).value(), "13800000000");
    EXPECT_TRUE(vault.check(value)) << "what the log has of its bytes is as before";
  }
  EXPECT_FALSE(file_exists(keys() + "/vault-1.key"));
  Vault vault = open();
  EXPECT_EQ(vault.reveal(value).value(), "13800000000") << "by the key of the second epoch";
  Vault old((folder_ / "backup.db").string(), *VaultKeys::read(keys()), {});
  EXPECT_EQ(old.reveal(value).error().code, "personal-value-damaged") << "gone from the backup too";
  EXPECT_FALSE(old.rewrap(10)) << "what no key opens waits";
  EXPECT_EQ(old.counts().at(1), 1);
}

TEST_F(Epochs, WrapsInSteps) {
  Vault vault = open();
  std::vector<Json> values;
  for (int i = 0; i < 5; ++i) values.push_back(kept(vault, std::to_string(i)));
  ASSERT_TRUE(vault.turn(2'000));
  values.push_back(kept(vault, "5"));
  EXPECT_TRUE(vault.rewrap(3));
  EXPECT_EQ(vault.counts().at(1), 2);
  ASSERT_TRUE(vault.turn(3'000));
  while (vault.rewrap(2)) {
  }
  EXPECT_EQ(vault.counts(), (std::map<std::int64_t, std::int64_t>{{1, 0}, {2, 0}, {3, 6}}));
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(vault.reveal(values[i]).value(), std::to_string(i));
}

TEST_F(Epochs, EveryValueHasAKeyOfItsOwn) {
  Vault vault = open();
  kept(vault, "a");
  kept(vault, "a");
  Database database(file(), {.read_only = true});
  EXPECT_EQ(database.integer("SELECT count(DISTINCT wrapped) FROM vault_values"), 2);
  EXPECT_EQ(database.integer("SELECT count(DISTINCT sealed) FROM vault_values"), 2);
}

TEST_F(Epochs, AValueInAnothersPlaceDoesNotOpen) {
  Vault vault = open();
  const Json one = kept(vault, "a");
  const Json other = kept(vault, "b");
  Database database(file());
  database
      .prepare(
          "UPDATE vault_values SET (wrapped, sealed)=(SELECT wrapped, sealed FROM vault_values WHERE id=?)")
      .bind_blob(*from_hex(one["vault"].text()))
      .run();
  EXPECT_EQ(vault.reveal(one).value(), "a");
  EXPECT_EQ(vault.reveal(other).error().code, "personal-value-damaged");
  EXPECT_FALSE(vault.check(other));
}

TEST_F(Epochs, AListThatACrashCutGoesOn) {
  {
    VaultKeys made = *VaultKeys::make(keys(), 1'000);
    ASSERT_TRUE(made.note_erased({"00112233445566778899aabbccddeeff"}));
  }
  {
    std::ofstream list(keys() + "/erased", std::ios::binary | std::ios::app);
    list << "\n0011";  // the power went
  }
  VaultKeys read = *VaultKeys::read(keys());
  ASSERT_TRUE(read.note_erased({"ffeeddccbbaa99887766554433221100"}));
  read = *VaultKeys::read(keys());
  EXPECT_TRUE(read.erased().contains("00112233445566778899aabbccddeeff"));
  EXPECT_TRUE(read.erased().contains("ffeeddccbbaa99887766554433221100"));
}

TEST_F(Epochs, ABrokenKeyIsRefused) {
  std::ofstream(keys() + "/vault-1.key", std::ios::binary) << "short";
  EXPECT_EQ(VaultKeys::read(keys()).error().code, "key-broken");
  fs::remove(keys() + "/vault-1.key");
  std::ofstream(keys() + "/vault-0.key") << "not an epoch";
  std::ofstream(keys() + "/vault-x.key") << "nor this";
  EXPECT_FALSE(VaultKeys::read(keys())->opens());
  EXPECT_FALSE(VaultKeys::read((folder_ / "nowhere").string())->opens());
}
