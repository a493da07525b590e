// Chinese lists are in the order of their pinyin, the same for ever.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/pinyin.hpp"

using namespace qipan;

TEST(Pinyin, OrdersAsListsArePrinted) {
  // Each before the next.
  const std::vector<std::string> ordered = {
      "",         "12号",   "2号",      "Alpha",  "beta",     "Beta1",  "白石街道", "滨江社区",
      "潮连街道", "城管局", "杜阮镇",   "荷塘镇", "环市街道", "江海区", "江门",     "礼乐街道",
      "蓬江区",   "棠下镇", "外海街道", "新会区", "张三",     "赵四",   "中山路"};
  for (std::size_t i = 0; i + 1 < ordered.size(); ++i)
    EXPECT_LT(pinyin_key(ordered[i]), pinyin_key(ordered[i + 1]))
        << ordered[i] << " before " << ordered[i + 1];
  // What a text begins with comes before it.
  EXPECT_LT(pinyin_key("江海"), pinyin_key("江海区"));
  EXPECT_EQ(pinyin_key("ALPHA"), pinyin_key("alpha"));
}

TEST(Pinyin, GivesInitials) {
  EXPECT_EQ(pinyin_initials("江海区"), "jhq");
  EXPECT_EQ(pinyin_initials("示例灯具有限公司 No.2"), "sldjyxgsno2");
  EXPECT_EQ(pinyin_initials("（）—é"), "");
  EXPECT_EQ(pinyin_initials("安波次得额发个哈级开了吗你哦怕去人是他外系一在"), "abcdefghjklmnopqrstwxyz");
}

TEST(Pinyin, TakesWhateverComes) {
  // Broken UTF-8 and characters of other blocks stay as they are; keys are as long as their texts.
  for (const std::string& text : {std::string("\xE6\xB1"), std::string("\xE6"), std::string("\xFF\0海", 5),
                                  std::string("𠀀㐀"), std::string("\xE4\xB8\x41")}) {
    EXPECT_EQ(pinyin_key(text).size(), text.size());
    std::ignore = pinyin_initials(text);
  }
  EXPECT_EQ(pinyin_key("𠀀"), "𠀀");
}

// Keys stand in districts: every character of the block has one of its own, and it is the one it always had.
TEST(Pinyin, IsFrozen) {
  std::string keys;
  std::vector<std::string> all;
  for (int code = 0x4E00; code < 0xA000; ++code) {
    std::string character;
    character += static_cast<char>(0xE0 | code >> 12);
    character += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    character += static_cast<char>(0x80 | (code & 0x3F));
    all.push_back(pinyin_key(character));
    keys += all.back();
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(to_hex(view_of(sha256(keys))).substr(0, 16), "84b74bd18daaf28c");
}
