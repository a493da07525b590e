// Questions of a register of many entries, as the collections' routes ask them:
//   query FOLDER [entries]
// Makes a register with two indexed columns in FOLDER, as its fold would, and the same rows as CSV for
// another database; prints a line of JSON a question: milliseconds of the median and of the slowest of a
// hundred, and rows.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "query/question.hpp"
#include "shops.hpp"

namespace {

using namespace qipan;
using Clock = std::chrono::steady_clock;

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
    {"groups with a median", "", "", Asking::What::groups, "level", "count,median(turnover)"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "query FOLDER [entries]\n";
    return 1;
  }
  const std::string folder = argv[1];
  const std::int64_t entries = argc > 2 ? std::stoll(argv[2]) : 1'000'000;
  const auto shops = bench::shops_in(folder, entries);
  Database& database = *shops;
  const auto collections = registers::RegistersEngine().collections(database);
  query::Sight sight{.finds = {.all = true}, .sees = {.all = true}};
  for (const Asking& asking : askings) {
    std::vector<double> times;
    std::int64_t rows = 0;
    const double begin = std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
    for (int run = 0; run < 100; ++run) {
      const auto start = Clock::now();
      auto question =
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
