// What a text names through references, and what stands in quotes or behind other points.
#include <gtest/gtest.h>

#include "fields/following.hpp"
#include "fields/make.hpp"

using namespace qipan;
using fields::Make;

TEST(Following, NamesWhatStandsBehindThePoint) {
  fields::Field firm = Make("firm", fields::types::reference());
  firm.to = {"firm"};
  fields::Field sealed = firm;
  sealed.name = "sealed";
  sealed.sensitivity = fields::Sensitivity::personal;
  const std::vector<fields::Field> all = {firm, sealed, Make("size", fields::types::integer())};
  struct Row {
    const char* text;
    const char* followed;
  };
  const Row rows[] = {
      {"firm.level = \"A\"", "firm.level"},
      {"firm = \"firm:1\"", ""},
      {"firm . level > size and firm.level < 3 and firm.age > 1", "firm.level firm.age"},
      {"\"firm.level\" = size", ""},
      {"\"a\\\"firm.level\" = size", ""},
      {"other.firm.level", ""},
      {"sealed.level", ""},
      {"size.level", ""},
      {"firms.level", ""},
      {"if firm.a then firm else 1.5", "firm.a"},
      {"some x in firm.list satisfies x.firm.y", "firm.list"},
      {"firm.owner.name", "firm.owner"},
      {"[firm][1].level", ""},
      {"/* 5\" pole */ firm.level", "firm.level"},
      {"// firm.level\n firm.age", "firm.age"},
      {"/* firm.level", ""},
  };
  for (const Row& row : rows) {
    std::string found;
    for (const auto& one : fields::followed_in(row.text, all))
      found += (found.empty() ? "" : " ") + one.reference + "." + one.member;
    EXPECT_EQ(found, row.followed) << row.text;
  }
}
