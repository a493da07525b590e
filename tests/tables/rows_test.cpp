// Tables of strangers: encodings, workbooks, features, and what is refused of them.
#include "tables/rows.hpp"

#include <gtest/gtest.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <fstream>

#include "pack/csv.hpp"
#include "support/folder.hpp"

using namespace qipan;

namespace {

std::string write(const test::Folder& folder, const std::string& name, const std::string& bytes) {
  std::ofstream(folder / name, std::ios::binary) << bytes;
  return (folder / name).string();
}

/// Header and rows as lines, cells parted by bars; a fault by its code.
std::string told(const std::string& path, const std::string& sheet = "") {
  const auto rows = tables::open_rows(path, sheet);
  if (!rows) return rows.error().code;
  std::string text;
  for (const auto& column : (*rows)->header()) text += column + "|";
  if (!(*rows)->told().empty()) text += " " + (*rows)->told();
  tables::Row row;
  for (;;) {
    const auto more = (*rows)->next(row);
    if (!more) return text + "\n" + more.error().code;
    if (!*more) return text;
    text += "\n" + std::to_string(row.number) + ":";
    for (const auto& cell : row.cells) text += cell + "|";
    if (row.fault) text += " " + row.fault->code;
    if (!row.geometry.is_null()) text += " " + row.geometry.dump();
  }
}

}  // namespace

TEST(Tables, ReadTextInBothEncodings) {
  const test::Folder folder("tables");
  EXPECT_EQ(told(write(folder, "a.csv", "\xEF\xBB\xBF编号,名称\r\n1,\"甲,\r\n乙\"\r\n\r\n2\n")),
            "编号|名称|\n2:1|甲,\r\n乙|\n5:2||");
  EXPECT_EQ(told(write(folder, "b.csv", "\xB1\xE0\xBA\xC5,x\n\xBC\xD7,1\n")), "编号|x| GB18030\n2:甲|1|");
  // A character of four bytes, as GB18030 has it and GBK has not.
  EXPECT_EQ(told(write(folder, "c.csv", "a\n\x95\x32\x82\x36\n")), "a| GB18030\n2:𠀀|");
  EXPECT_EQ(told(write(folder, "d.csv", "a\n\xFF\xFF\n")), "text-unreadable");
  EXPECT_EQ(told(write(folder, "e.csv", "a;b\n")), "csv-separator");
  EXPECT_EQ(told(write(folder, "f.csv", "a,a\n")), "csv-column-twice");
  EXPECT_EQ(told(write(folder, "g.csv", "a\n\"open\n")), "a|\ncsv-open-quote");
  EXPECT_EQ(told(write(folder, "h.csv", "a,b\n1,2,3\n4,5\n")), "a|b|\n2:1|2| row-too-long\n3:4|5|");
  EXPECT_EQ(told(write(folder, "i.csv", "")), "|");
  EXPECT_EQ(told((folder / "nowhere.csv").string()), "file-unreadable");
  EXPECT_EQ(told(write(folder, "j.txt", "a\n")), "file-kind");
  EXPECT_EQ(told(write(folder, "k.csv", "a\n\"" + std::string(5U << 20U, 'x') + "\"\n")), "a|\ncsv-record");
}

// A character that two pieces of the file share, whichever of its bytes is the last of the first.
TEST(Tables, ReadCharactersAcrossPieces) {
  const test::Folder folder("tables");
  for (std::size_t before = 65'530; before < 65'540; ++before) {
    const std::string text = std::string(before - 2, 'x');
    EXPECT_EQ(told(write(folder, "a.csv", "a\n" + text + "积水𠀀\n")), "a|\n2:" + text + "积水𠀀|");
    EXPECT_EQ(told(write(folder, "b.csv", "a\n" + text + "\xBB\xFD\xCB\xAE\n")),
              "a| GB18030\n2:" + text + "积水|");
  }
}

TEST(Tables, ReadAsOnePieceOrMany) {
  const std::string text = "a,\"b \"\"c\"\"\"\r\n\"\",\"x\r\ny\"\rlast,\"\"\"\"";
  const auto whole = pack::Csv::parse("a.csv", text);
  ASSERT_TRUE(whole);
  for (std::size_t length = 1; length < text.size(); ++length) {
    std::size_t at = 0;
    pack::CsvReader reader([&](std::string& piece) -> Result<bool> {
      piece = text.substr(at, length);
      at += piece.size();
      return !piece.empty();
    });
    pack::CsvRow row;
    ASSERT_TRUE(*reader.next(row));
    EXPECT_EQ(row.cells, whole->header());
    for (const auto& expected : whole->rows()) {
      ASSERT_TRUE(*reader.next(row)) << length;
      EXPECT_EQ(row.cells, expected.cells) << length;
    }
    EXPECT_FALSE(*reader.next(row));
  }
}

TEST(Tables, ReadWorkbooks) {
  const test::Folder folder("tables");
  const std::string path = (folder / "a.xlsx").string();
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* hidden = workbook_add_worksheet(book, "旧");
  worksheet_hide(hidden);
  lxw_worksheet* sheet = workbook_add_worksheet(book, "表");
  worksheet_activate(sheet);
  worksheet_set_first_sheet(sheet);
  lxw_format* day = workbook_add_format(book);
  format_set_num_format(day, "yyyy\"年\"m\"月\"d\"日\"");
  lxw_format* time = workbook_add_format(book);
  format_set_num_format(time, "yyyy-mm-dd hh:mm");
  const char* header[] = {"名称", "数", "日期", "时间", "真"};
  for (std::uint16_t column = 0; column < 5; ++column)
    worksheet_write_string(sheet, 0, column, header[column], nullptr);
  worksheet_write_string(sheet, 1, 0, " 甲&<乙> ", nullptr);
  worksheet_write_number(sheet, 1, 1, 0.1 + 0.2, nullptr);
  lxw_datetime at{2026, 3, 1, 8, 30, 0};
  worksheet_write_datetime(sheet, 1, 2, &at, day);
  worksheet_write_datetime(sheet, 1, 3, &at, time);
  worksheet_write_boolean(sheet, 1, 4, 1, nullptr);
  // The third row has nothing, the fourth something beside the table.
  worksheet_write_number(sheet, 3, 1, 91440704e10, nullptr);
  worksheet_write_number(sheet, 4, 1, 12345678901234567890.0, nullptr);
  worksheet_write_string(sheet, 5, 7, "x", nullptr);
  worksheet_write_formula_num(sheet, 6, 1, "=1+1", nullptr, 2);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  EXPECT_EQ(told(path),
            "名称|数|日期|时间|真|\n2: 甲&<乙> |0.3|2026-03-01|2026-03-01 08:30:00|true|\n"
            "4:||||| cell-digits\n5:||||| cell-digits\n6:||||| row-too-long\n7:|2||||")
      << "numbers of more than fifteen digits are not what somebody wrote";
  EXPECT_EQ(told(path, "旧"), "csv-unreadable");
  EXPECT_EQ(told(path, "没有"), "sheet-unknown");
  EXPECT_EQ(told(write(folder, "b.xlsx", "PK no workbook")), "workbook-unreadable");
  EXPECT_EQ(told(write(folder, "c.xlsx", "")), "workbook-unreadable");
}

// A small file that is a large one when it is unpacked, and one that declares names for texts.
TEST(Tables, RefuseBombs) {
  const test::Folder folder("tables");
  const auto zip = [&](const std::string& name, const std::string& workbook) {
    const std::string path = (folder / name).string();
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    zip_file_add(archive, "xl/workbook.xml", zip_source_buffer(archive, workbook.data(), workbook.size(), 0),
                 ZIP_FL_ENC_UTF_8);
    EXPECT_EQ(zip_close(archive), 0);
    return path;
  };
  const std::string large = zip("large.xlsx", std::string(100U << 20U, ' '));
  EXPECT_LT(std::filesystem::file_size(large), 1U << 20U);
  EXPECT_EQ(told(large), "workbook-too-large");
  std::string many = "<workbook>";
  for (int i = 0; i < 3'200'000; ++i) many += "<a/>";
  EXPECT_EQ(told(zip("many.xlsx", many + "</workbook>")), "workbook-too-large")
      << "small as text, and large once it is read";
  EXPECT_EQ(told(zip("entities.xlsx",
                     "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><workbook><sheets><sheet "
                     "name=\"&c;\" r:id=\"1\"/></sheets></workbook>")),
            "workbook-unreadable");
}

// What other programs write: results that are missing, texts in sections, characters by number, rows out of
// order, and runs within runs that nobody writes.
TEST(Tables, ReadWorkbooksOfOthers) {
  const test::Folder folder("tables");
  const auto book = [&](const std::string& name, const std::string& texts, const std::string& rows) {
    const std::string path = (folder / name).string();
    const std::pair<const char*, std::string> parts[] = {
        {"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"r1\" Target=\"s.xml\"/></Relationships>"},
        {"xl/sharedStrings.xml", "<sst>" + texts + "</sst>"},
        {"xl/s.xml", "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>h</t></is></c></row>" + rows +
                         "</sheetData></worksheet>"}};
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    for (const auto& [part, bytes] : parts)
      zip_file_add(archive, part, zip_source_buffer(archive, bytes.data(), bytes.size(), 0),
                   ZIP_FL_ENC_UTF_8);
    EXPECT_EQ(zip_close(archive), 0);
    return path;
  };
  const std::string shared =
      "<row r=\"5\"><c t=\"s\"><v>0</v></c></row><row r=\"5\"><c t=\"s\"><v>1</v></c></row>";
  EXPECT_EQ(
      told(book(
          "a.xlsx",
          "<si><t><![CDATA[a<b]]></t></si><si><r><t>x_x000D_</t></r><r><t>y</t></r><rPh><t>z</t></rPh></si>",
          shared + "<row><c><f>1+1</f></c></row>")),
      "h|\n5:a<b|\n6:x\ry|\n7:| cell-formula");
  std::string nested = "<si>";
  for (int i = 0; i < 1'000'000; ++i) nested += "<r>";
  for (int i = 0; i < 1'000'000; ++i) nested += "</r>";
  EXPECT_EQ(told(book("b.xlsx", nested + "</si>", shared)), "h|");
}

TEST(Tables, ReadFeatures) {
  const test::Folder folder("tables");
  EXPECT_EQ(told(write(folder, "a.geojson",
                       R"({"type":"FeatureCollection","features":[
    {"type":"Feature","geometry":{"type":"Point","coordinates":[113,22]},"properties":{"a":1.50,"b":null}},
    {"type":"Feature","geometry":null,"properties":{"c":["x"],"b":"y"}}]})")),
            "a|b|c|\n1:1.50||| {\"type\":\"Point\",\"coordinates\":[113,22]}\n2:|y|[\"x\"]|");
  EXPECT_EQ(told(write(folder, "b.geojson", "{\"type\":\"Feature\"}")), "geojson-type");
  EXPECT_EQ(told(write(folder, "c.geojson", "{")), "json-unreadable");
}
