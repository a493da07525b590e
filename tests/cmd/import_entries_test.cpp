// Entries from a file: personal values go to the vault, and what only lies in the content store is refused.
#include <gtest/gtest.h>

#include <fstream>

#include "base/database.hpp"
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;

TEST(ImportEntries, SealsWhatIsPersonalAndTakesNoPhotos) {
  const test::Folder folder("entries");
  const std::string data = (folder / "d").string();
  ASSERT_EQ(test::run("init --data " + data + " --pack " QIPAN_SOURCE_DIR "/packs/enterprises").code, 0);
  const auto import = [&](const std::string& columns, const std::string& values) {
    std::ofstream(folder / "f.csv") << "credit_code,name,kind,business_state" + columns +
                                           "\n91440704MA0EX0018E,示例灯具厂,company,open" + values + "\n";
    return test::run("import entries --data " + data + " enterprise " + (folder / "f.csv").string());
  };
  EXPECT_NE(import(",front", "," + std::string(64, 'f')).code, 0);
  EXPECT_NE(import(",contact_mobile", ",abc").code, 0);
  ASSERT_EQ(import(",contact,contact_mobile", ",示例联系人,13800009999").code, 0);
  // Neither the database nor its log has them, and verify finds the sealed ones.
  for (const char* file : {"/district.db", "/district.db-wal"}) {
    const std::string bytes = read_file(data + file, 64U << 20U).value_or("");
    EXPECT_EQ(bytes.find("13800009999"), std::string::npos) << file;
    EXPECT_EQ(bytes.find("示例联系人"), std::string::npos) << file;
  }
  const auto verified = test::run("verify --data " + data);
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_NE(verified.out.find("2 sealed values"), std::string::npos) << verified.out;
}
