#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>

#include "board/engine.hpp"
#include "log/log.hpp"
#include "registers/registers_engine.hpp"

// A register of many shops as its fold makes it, for benchmarks of reading.

namespace qipan::bench {

inline constexpr const char* declaration =
    R"({"name":"shop","title_zh":"商户","title_en":"Shops","key":"code","geometry":"point","fields":[
{"name":"code","type":"text","title_zh":"编号","title_en":"Code","sensitivity":"internal","required":true,"unique":true,"indexed":false,"min":1,"max":40},
{"name":"title","type":"text","title_zh":"名称","title_en":"Title","sensitivity":"internal","required":false,"unique":false,"indexed":true,"min":1,"max":80},
{"name":"level","type":"choice","title_zh":"级别","title_en":"Level","sensitivity":"internal","required":false,"unique":false,"indexed":false,"options":[{"value":"A","title_zh":"甲","title_en":"A"},{"value":"B","title_zh":"乙","title_en":"B"},{"value":"C","title_zh":"丙","title_en":"C"}]},
{"name":"opened","type":"date","title_zh":"开业","title_en":"Opened","sensitivity":"internal","required":false,"unique":false,"indexed":true},
{"name":"turnover","type":"money","title_zh":"营业额","title_en":"Turnover","sensitivity":"internal","required":false,"unique":false,"indexed":false,"min":0,"max":1000000000,"digits":2}]})";

/// The register's table with so many rows, and the same in FOLDER/rows.csv.
inline void fill(Database& database, const std::string& folder, std::int64_t entries) {
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

/// The one in the folder, made where there is none.
inline std::unique_ptr<Database> shops_in(const std::string& folder, std::int64_t entries) {
  std::filesystem::create_directories(folder);
  registers::RegistersEngine engine;
  const std::string path = folder + "/shops.sqlite";
  const bool made = std::filesystem::exists(path);
  auto database = std::make_unique<Database>(path, DatabaseOptions{.durability = Durability::relaxed});
  if (made) return database;
  log::Log::create_tables(*database);
  engine.create_tables(*database);
  board::View view(*database);
  Json steps = Json::object();
  Json list = Json::array();
  list.push(*parse_json(declaration));
  steps.set("registers", std::move(list));
  const Json body = Json::object().set("steps", std::move(steps));
  engine.fold({.kind = "pack.installed", .subject = "pack:shops", .body = body}, view);
  fill(*database, folder, entries);
  database->execute("ANALYZE");
  return database;
}

}  // namespace qipan::bench
