// Words looked for among many entries, as the search's route does it:
//   search FOLDER [entries]
// Makes the register of bench/query in FOLDER and its index; prints a line of JSON for making it, and one a
// kind of words: milliseconds of the median, of the 99th of a hundred, and of the slowest of two thousand
// searches for words that differ, each with rows looked at and snippets made.
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>

#include "query/question.hpp"
#include "search/index.hpp"
#include "shops.hpp"

namespace {

using namespace qipan;
using Clock = std::chrono::steady_clock;

constexpr int runs = 2'000;
constexpr std::int64_t shown = 5;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The rows of a page that are found, out of the index's candidates.
std::int64_t search_for(Database& database, Database& index, const query::Question& question,
                        const std::string& text, const std::vector<std::int64_t>& units) {
  const auto wanted = search::Wanted::read(text);
  if (!wanted) throw DatabaseError(wanted.error().line(), 0);
  std::int64_t found = 0;
  std::size_t bytes = 0;
  const auto ids = search::Index::candidates(index, "shop", *wanted, {.units = units}, INT64_MAX, 100);
  question.each_of(database, ids, [&](const query::Row& row) {
    std::vector<search::Text> texts;
    for (const Json& value : row.values) texts.push_back({std::string(value.text()), true});
    if (const auto hits = wanted->found_in(texts)) {
      for (const auto& piece : search::snippet_of(texts[0].text, *hits)) bytes += piece.text.size();
      ++found;
    }
    return found < shown;
  });
  return found;
}

struct Words {
  const char* name;
  std::function<std::string(std::mt19937&)> make;
  bool one_unit = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "search FOLDER [entries]\n";
    return 1;
  }
  const std::string folder = argv[1];
  const auto shops = bench::shops_in(folder, argc > 2 ? std::stoll(argv[2]) : 1'000'000);
  const auto collections = std::make_shared<const std::vector<query::Collection>>(
      registers::RegistersEngine().collections(*shops));
  search::remove_index(folder);
  const auto start = Clock::now();
  search::Index made(folder, *shops);
  if (!made.update(*shops, collections, Clock::now() + std::chrono::hours(1))) return 1;
  const double seconds = milliseconds_since(start) / 1'000;
  const auto entries = shops->integer("SELECT count(*) FROM register_shop");
  std::cout << Json::object()
                   .set("index", "made")
                   .set("seconds", fmt::format("{:.1f}", seconds))
                   .set("entries_a_second", static_cast<std::int64_t>(static_cast<double>(entries) / seconds))
                   .set("megabytes", static_cast<std::int64_t>(
                                         std::filesystem::file_size(search::index_path(folder)) >> 20U))
                   .dump()
            << "\n";
  Database index(search::index_path(folder), {.read_only = true});
  static const char* const names[] = {"江海", "利民", "永安", "和平", "东风", "新华", "中山", "南山"};
  static const char* const kinds[] = {"超市", "餐厅", "药店", "五金", "茶楼"};
  const Words all[] = {
      {"two characters, in every tenth", [](auto& random) { return std::string(names[random() % 8]); }},
      {"one character", [](auto& random) { return std::string(kinds[random() % 5], 3); }},
      {"a name in parts",
       [](auto& random) {
         return std::string(names[random() % 8]) + " " + kinds[random() % 5] + " " +
                std::to_string(random() % 10'000);
       }},
      {"a name as it stands",
       [](auto& random) {
         return std::string(names[random() % 8]) + kinds[random() % 5] + std::to_string(random() % 10'000);
       }},
      {"characters of two words",
       [](auto& random) {
         return std::string(names[random() % 8] + 3) + std::string(kinds[random() % 5], 3);
       }},
      {"first letters",
       [](auto& random) {
         static const char* const letters[] = {"jhcs", "lmct", "yayd", "hpwj",
                                               "dfcl", "xhcs", "zsct", "nsyd"};
         return std::string(letters[random() % 8]);
       }},
      {"the beginning of a code", [](auto& random) { return fmt::format("S{:04}", random() % 10'000); }},
      {"a whole code", [](auto& random) { return fmt::format("S{:07}", random() % 10'000'000); }},
      {"what is nowhere", [](auto&) { return std::string("餐市江"); }},
      {"two characters, of one unit in twenty", [](auto& random) { return std::string(names[random() % 8]); },
       true},
  };
  for (const Words& words : all) {
    query::Sight sight{.finds = {.all = true}, .sees = {.all = true}};
    std::vector<std::int64_t> units;
    if (words.one_unit) {
      units = {7};
      sight = {.finds = {.ids = units}, .sees = {.ids = units}};
    }
    const auto question = query::Question::ask(collections->front(), sight, {.properties = "title,code"});
    std::mt19937 random(11);
    std::vector<double> times;
    std::int64_t rows = 0;
    for (int run = 0; run < runs; ++run) {
      const std::string text = words.make(random);
      const auto begin = Clock::now();
      rows += search_for(*shops, index, *question, text, units);
      times.push_back(milliseconds_since(begin));
    }
    std::sort(times.begin(), times.end());
    std::cout << Json::object()
                     .set("search", words.name)
                     .set("median_ms", fmt::format("{:.2f}", times[times.size() / 2]))
                     .set("p99_ms", fmt::format("{:.2f}", times[times.size() * 99 / 100]))
                     .set("slowest_ms", fmt::format("{:.2f}", times.back()))
                     .set("rows", rows)
                     .dump()
              << "\n";
  }
  return 0;
}
