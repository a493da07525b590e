// What `qipan serve` asks before it serves.
#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/folder.hpp"

using namespace qipan;

TEST(Serve, AsksWhereTheClockIsFarAheadOfTheLog) {
  test::Folder folder("serve");
  const std::string data = (folder / "d").string();
  ASSERT_EQ(test::run("init --data " + data +
                      " --pack " QIPAN_SOURCE_DIR "/packs/base --founded 2020-01-01T00:00:00Z")
                .code,
            0);
  const auto refused = test::run("serve --data " + data + " --port 0 --json");
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.out.find("clock-ahead"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("--confirm-clock"), std::string::npos) << "and says what to do";
}
