// Questions of a register of many entries, as the collections' routes ask them:
//   query FOLDER [entries]
// Makes a register with two indexed columns in FOLDER, as its fold would, and the same rows as CSV for
// another database; prints a line of JSON a question: milliseconds of the median and of the slowest of a
// hundred, and rows.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "board/engine.hpp"
#include "log/log.hpp"
#include "query/question.hpp"
#include "registers/registers_engine.hpp"

namespace {

using namespace qipan;
using Clock = std::chrono::steady_clock;

constexpr const char* declaration =
    R"({"name":"shop","title_zh":"商户","title_en":"Shops","key":"code","geometry":"point","fields":[
{"name":"code","type":"text","title_zh":"编号","title_en":"Code","sensitivity":"internal","required":true,"unique":true,"indexed":false,"min":1,"max":40},
{"name":"title","type":"text","title_zh":"名称","title_en":"Title","sensitivity":"internal","required":false,"unique":false,"indexed":true,"min":1,"max":80},
{"name":"level","type":"choice","title_zh":"级别","title_en":"Level","sensitivity":"internal","required":false,"unique":false,"indexed":false,"options":[{"value":"A","title_zh":"甲","title_en":"A"},{"value":"B","title_zh":"乙","title_en":"B"},{"value":"C","title_zh":"丙","title_en":"C"}]},
{"name":"opened","type":"date","title_zh":"开业","title_en":"Opened","sensitivity":"internal","required":false,"unique":false,"indexed":true},
{"name":"turnover","type":"money","title_zh":"营业额","title_en":"Turnover","sensitivity":"internal","required":false,"unique":false,"indexed":false,"min":0,"max":1000000000,"digits":2}]})";

/// The register's table with so many rows, and the same in FOLDER/rows.csv.
void fill(Database& database, const std::string& folder, std::int64_t entries) {
  static const char* const words[] = {"江海", "利民", "永安", "和平", "东风", "新华", "中山", "南山"};
  static const char* const kinds[] = {"超市", "餐厅", "药店", "五金", "茶楼"};
  std::mt19937 random(7);
  const auto any = [&](std::uint32_t most) { return static_cast<std::int64_t>(random() % most); };
  std::ofstream csv(folder + "/rows.csv");
  Transaction transaction(database);
  for (std::int64_t id = 1; id <= entries; ++id) {
    const std::int64_t unit = 1 + any(20);
    const std::int64_t x = 1'130'000'000 + any(2'000'000);
    const std::int64_t y = 225'000'000 + any(1'000'000);
    const std::string code = fmt::format("S{:07}", (id * 7'919) % 10'000'000);
    const std::string title = fmt::format("{}{}{}", words[any(8)], kinds[any(5)], any(10'000));
    const std::string level(1, static_cast<char>('A' + any(3)));
    const std::string opened = format_day(static_cast<Day>(10'000 + any(10'000)));
    const std::int64_t turnover = any(1'000'000'00);
    {
      auto row = database.prepare(
          "INSERT INTO register_shop(id, unit, x, y, retired, created, changed, position, code, title, "
          "level, opened, "
          "turnover) VALUES(?,?,?,?,0,?,?,?,?,?,?,?,?)");
      row.bind(id)
          .bind(unit)
          .bind(x)
          .bind(y)
          .bind(id)
          .bind(id)
          .bind(id)
          .bind(code)
          .bind(title)
          .bind(level)
          .bind(opened);
      row.bind(turnover).run();
    }
    csv << id << ',' << unit << ',' << x << ',' << y << ',' << code << ',' << title << ',' << level << ','
        << opened << ',' << turnover << '\n';
  }
  transaction.commit();
}

struct Asking {
  const char* name;
  const char* filter;
  const char* sort;
  enum class What { page, total, groups } what = What::page;
  const char* by = "";
  const char* of = "";
};

constexpr Asking askings[] = {
    {"page by number", "", ""},
    {"page by an indexed date", "", "-opened"},
    {"page by an indexed date behind a filter", "level = 'A'", "-opened"},
    {"one by its key", "code = 'S0007919'", ""},
    {"page in the indexed order of names", "", "title"},
    {"page of names that begin so, by name", "title LIKE '利民%'", "title"},
    {"two filters and another order", "turnover > 500000 AND title LIKE '%药店%'", "turnover"},
    {"filter of a place and another order",
     "S_INTERSECTS(geometry, BBOX(113.05, 22.52, 113.06, 22.53)) AND level <> 'C'", "title"},
    {"arithmetic, asked row by row", "turnover * 2 > 1999000 AND level = 'B'", "code"},
    {"total of all", "", "", Asking::What::total},
    {"total behind two filters", "turnover > 500000 AND level = 'B'", "", Asking::What::total},
    {"groups with a sum", "", "", Asking::What::groups, "level", "count,sum(turnover)"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "query FOLDER [entries]\n";
    return 1;
  }
  const std::string folder = argv[1];
  const std::int64_t entries = argc > 2 ? std::stoll(argv[2]) : 1'000'000;
  std::filesystem::create_directories(folder);
  registers::RegistersEngine engine;
  const std::string path = folder + "/shops.sqlite";
  const bool made = std::filesystem::exists(path);
  Database database(path, {.durability = Durability::relaxed});
  if (!made) {
    engine.create_tables(database);
    board::View view(database);
    Json steps = Json::object();
    Json list = Json::array();
    list.push(*parse_json(declaration));
    steps.set("registers", std::move(list));
    const Json body = Json::object().set("steps", std::move(steps));
    engine.fold({.kind = "pack.installed", .subject = "pack:shops", .body = body}, view);
    fill(database, folder, entries);
    database.execute("ANALYZE");
  }
  const auto collections = engine.collections(database);
  query::Sight sight{.finds = {.all = true}, .sees = {.all = true}};
  for (const Asking& asking : askings) {
    std::vector<double> times;
    std::int64_t rows = 0;
    const double begin = std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
    for (int run = 0; run < 100; ++run) {
      const auto start = Clock::now();
      const auto question =
          query::Question::ask(collections[0], sight, {.filter = asking.filter, .sort = asking.sort});
      if (!question) {
        std::cerr << question.error().line() << "\n";
        return 1;
      }
      rows = 0;
      if (asking.what == Asking::What::page) {
        question->each(database, std::nullopt, 50,
                       [&](const query::Row&, const query::Cursor&) { return ++rows > 0; });
      } else if (asking.what == Asking::What::total) {
        rows = question->total(database);
      } else {
        rows = static_cast<std::int64_t>(
            question->groups(database, *question->grouping(asking.by, asking.of))->size());
      }
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      // Slow ones are asked for ten seconds at most.
      if (std::chrono::duration<double>(Clock::now().time_since_epoch()).count() - begin > 10) break;
    }
    std::sort(times.begin(), times.end());
    std::cout << Json::object()
                     .set("question", asking.name)
                     .set("median_ms", fmt::format("{:.2f}", times[times.size() / 2]))
                     .set("slowest_ms", fmt::format("{:.2f}", times.back()))
                     .set("rows", rows)
                     .dump()
              << "\n";
  }
  return 0;
}
