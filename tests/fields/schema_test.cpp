// The JSON Schema made from a field takes what the field takes: values from the table and others near to them
// are held against a validator that shares no code with ours (tools/schema_check.py).
#include <cstdlib>
#include <fstream>
#include <random>

#include "fields/field_table.hpp"
#include "fields/values.hpp"
#include "support/folder.hpp"

using namespace qipan;
using fields::Field;

namespace {

/// Something near a value: a character or a number changed, an item more or less, another type.
Json altered(const Json& value, std::mt19937_64& random) {
  static const char* const others[] = {"null",    "true",           "0",     "-1",    "1.5", "100.01",
                                       "\"\"",    "\"a\"",          "\"0\"", "[]",    "{}",  "[0]",
                                       "[[0,0]]", "\"2026-02-30\"", "\"X\"", "[null]"};
  const auto pick = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
  if (pick(8) == 0) return *parse_json(others[pick(std::size(others))]);
  if (value.is_text() && !value.text().empty()) {
    static constexpr std::string_view signs = "0123456789AXYZaz-:;.TP+@ \n路";
    std::string text = value.text();
    const std::size_t at = pick(text.size());
    const auto sign = std::string(1, signs[pick(26)]);
    switch (pick(3)) {
      case 0:
        text.insert(at, sign);
        break;
      case 1:
        text.erase(at, 1);
        break;
      default:
        text.replace(at, 1, sign);
    }
    return is_utf8(text) ? Json(text) : value;
  }
  if (value.is_number()) {
    static const char* const numbers[] = {"0",    "1",   "9",    "40",    "41", "2200",
                                          "2201", "0.1", "0.01", "0.001", "-5", "99999999"};
    return *parse_json(numbers[pick(std::size(numbers))]);
  }
  if (value.is_array()) {
    Json items = Json::array();
    for (const Json& item : value.items()) items.push(pick(3) == 0 ? altered(item, random) : item);
    if (pick(2) == 0 && !value.items().empty()) items.push(value.items()[pick(value.items().size())]);
    return items;
  }
  if (value.is_object()) {
    Json object = Json::object();
    for (const auto& member : value.members()) {
      if (pick(6) != 0) object.set(member.key, pick(3) == 0 ? altered(member.value, random) : member.value);
    }
    if (pick(6) == 0) object.set("more", 1);
    return object;
  }
  return value;
}

}  // namespace

TEST(Fields, SchemasTakeTheSameValues) {
  const test::Folder folder("schemas");
  const std::string path = (folder / "cases.jsonl").string();
  int written = 0;
  {
    std::ofstream out(path);
    std::mt19937_64 random(20261127);
    for (const auto& line : test::lines_of(test::field_values)) {
      const Field field = test::declared(line[0]);
      const Json schema = fields::field_schema(field);
      Json value = *parse_json(line[1]);
      for (int i = 0; i < 40; ++i) {
        Json one = Json::object();
        one.set("schema", schema)
            .set("value", value)
            .set("fits", field.type->read(field, value, "x").has_value());
        out << one.dump() << "\n";
        ++written;
        value = altered(i % 4 == 0 ? *parse_json(line[1]) : value, random);
      }
    }
  }
  const std::string command = "/usr/bin/python3 " QIPAN_SOURCE_DIR "/tools/schema_check.py " + path;
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_GT(written, 4'000);
}
