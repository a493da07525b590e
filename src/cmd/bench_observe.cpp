#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "cmd/bench_client.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "sensing/series.hpp"
#include "sensing/streams.hpp"

namespace qipan::cmd {

namespace {

using Time = std::chrono::steady_clock;

/// Values of all streams, a second apart, from a month ago on; what is sent is made before the clock runs.
class Source {
 public:
  explicit Source(const BenchOptions& options)
      : options_(options),
        begin_(SystemClock().now() / microseconds_per_second * microseconds_per_second -
               30 * microseconds_per_day + options.offset * microseconds_per_second),
        next_(static_cast<std::size_t>(options.streams), 0) {}

  std::string body() {
    if (options_.lines) return lines();
    std::string out = "[";
    if (options_.spread) {
      for (int i = 0; i < options_.values; ++i) {
        out += i > 0 ? "," : "";
        group(out, 1);
      }
    } else {
      group(out, options_.values);
    }
    return out + "]";
  }

 private:
  /// The same values for a peer.
  std::string lines() {
    std::string out;
    const int series = options_.spread ? options_.values : 1;
    for (int i = 0; i < series; ++i) {
      const std::size_t stream = turn_++ % next_.size();
      std::string values;
      std::string times;
      for (int k = 0; k < options_.values / series; ++k) {
        const auto [at, value] = next(stream);
        values += (k > 0 ? "," : "") + std::to_string(value);
        times += (k > 0 ? "," : "") + std::to_string((begin_ + at * microseconds_per_second) / 1'000);
      }
      out += R"({"metric":{"__name__":"no2","stream":")" + std::to_string(options_.from + stream) +
             R"("},"values":[)" + values + R"(],"timestamps":[)" + times + "]}\n";
    }
    return out;
  }

  /// A slow wave below the limit of 200 with, once in ten thousand values, one over it.
  std::pair<std::int64_t, std::int64_t> next(std::size_t stream) {
    const std::int64_t at = next_[stream]++;
    return {at, serial_++ % 10'000 == 9'999 ? 230 : 30 + at % 50};
  }

  void group(std::string& out, int values) {
    const std::size_t stream = turn_++ % next_.size();
    out += R"({"Datastream":{"@iot.id":)" + std::to_string(options_.from + stream) +
           R"(},"components":["phenomenonTime","result"],"dataArray":[)";
    for (int i = 0; i < values; ++i) {
      const auto [at, value] = next(stream);
      out += (i > 0 ? ",[\"" : "[\"") + format_instant(begin_ + at * microseconds_per_second) + "\"," +
             std::to_string(value) + "]";
    }
    out += "]}";
  }

  const BenchOptions& options_;
  Instant begin_;
  std::vector<std::int64_t> next_;
  std::size_t turn_ = 0;
  std::int64_t serial_ = 0;
};

class Sender {
 public:
  Sender(boost::asio::io_context& context, const BenchOptions& options, const BenchLogin& login,
         const std::vector<std::string>& bodies, std::size_t& next)
      : client_(context, options.port),
        login_(login),
        bodies_(bodies),
        next_(next),
        path_(options.lines ? "/api/v1/import" : "/api/v1/observations"),
        done_(options.lines ? "HTTP/1.1 204" : "HTTP/1.1 201") {}

  void send() {
    if (next_ >= bodies_.size()) return;
    client_.post(path_, bodies_[next_++], login_, [this](std::string_view head, std::string_view body) {
      if (!head.starts_with(done_)) {
        failure = std::string(head.substr(0, 12)) + " " + std::string(body);
        return;
      }
      micros.push_back(client_.micros());
      send();
    });
  }

  std::vector<std::int64_t> micros;
  std::string failure;

 private:
  BenchClient client_;
  const BenchLogin& login_;
  const std::vector<std::string>& bodies_;
  std::size_t& next_;
  std::string path_;
  std::string_view done_;
};

}  // namespace

int run_bench_observe(const BenchOptions& options) {
  Output output(options.json);
  const auto login = options.lines ? Result<BenchLogin>(BenchLogin{}) : bench_login(options, options.login);
  if (!login) return output.problem(login.error());
  Source source(options);
  std::vector<std::string> bodies;
  for (std::int64_t i = 0; i < options.cases; ++i) bodies.push_back(source.body());
  boost::asio::io_context context(1);
  std::size_t next = 0;
  std::vector<std::unique_ptr<Sender>> senders;
  for (int i = 0; i < options.connections; ++i)
    senders.push_back(std::make_unique<Sender>(context, options, *login, bodies, next));
  const auto begin = Time::now();
  for (auto& sender : senders) sender->send();
  context.run();
  const double seconds = std::chrono::duration<double>(Time::now() - begin).count();
  std::vector<std::int64_t> micros;
  for (auto& sender : senders) {
    if (!sender->failure.empty())
      return output.problem({Problem::Kind::unavailable, "bench-observe", "", shortened(sender->failure, 300),
                             "201 (204 with --lines) to every request", "see what it says"});
    micros.insert(micros.end(), sender->micros.begin(), sender->micros.end());
  }
  const std::int64_t values = options.cases * options.values;
  const auto rate = static_cast<std::int64_t>(static_cast<double>(values) / seconds);
  Json json = Json::object();
  json.set("observations", values).set("observations_a_second", rate);
  json.set("requests_a_second", static_cast<std::int64_t>(static_cast<double>(options.cases) / seconds));
  json.set("p50_us", percentile(micros, 0.5)).set("p99_us", percentile(micros, 0.99));
  output.result(json, std::to_string(values) + " observations, " + std::to_string(rate) + "/s");
  return exit_done;
}

namespace {

/// Entries of a register in batches; the id of the first.
Result<std::int64_t> enter(board::Board& board, Output& output, const std::string& name, int count,
                           const std::function<Json(int)>& body) {
  std::int64_t first = 0;
  std::optional<Problem> broken;
  for (int begin = 0; begin < count && !broken; begin += 1'000) {
    std::vector<board::Command> commands;
    for (int i = begin; i < std::min(count, begin + 1'000); ++i) {
      board::Command command;
      command.kind = "register.add";
      command.actor = "operator";
      command.body = body(i).set("register", name);
      commands.push_back(std::move(command));
    }
    board.decide(commands, [&](std::size_t, const board::Outcome& outcome) {
      if (!outcome && !broken) broken = outcome.error();
      if (outcome && first == 0) first = parse_json(outcome->answer)->integer_or("id", 0);
    });
    output.progress(std::to_string(begin) + " of " + name);
  }
  if (broken) return refuse(*broken);
  return first;
}

Json named(const std::string& code) {
  return Json::object().set("code", code).set("title_zh", code).set("title_en", code);
}

}  // namespace

int run_bench_streams(const BenchOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  const auto things = enter(board, output, "thing", options.things, [](int i) {
    return Json::object()
        .set("values", named("bench-" + std::to_string(i)))
        .set("x", 1'131'000'000 + std::int64_t{i} * 7'919 % 1'040'000)
        .set("y", 225'000'000 + std::int64_t{i} * 104'729 % 810'000);
  });
  if (!things) return output.problem(things.error());
  const auto first = enter(board, output, "datastream", options.streams, [&](int i) {
    Json values = named("bench-no2-" + std::to_string(i));
    values.set("thing", "bench-" + std::to_string(i % options.things)).set("observed_property", "no2");
    values.set("kind", "measurement").set("unit_symbol", "µg/m³");
    return Json::object().set("values", std::move(values));
  });
  if (!first) return output.problem(first.error());
  output.result(Json::object().set("first", *first), "streams from " + std::to_string(*first));
  return exit_done;
}

int run_bench_observe_floor(const BenchOptions& options) {
  Output output(options.json);
  Database district(options.data + "/district.db", {.read_only = true});
  const std::string path = (options.floor_folder.empty() ? options.data : options.floor_folder) + "/floor.db";
  double seconds = 0;
  std::int64_t values = 0;
  {
    Database floor(path);
    floor.execute(
        "CREATE TABLE observations(stream INTEGER NOT NULL, time INTEGER NOT NULL, value INTEGER NOT NULL) "
        "STRICT");
    const auto read = log::Log::read(district, options.from, [&](const log::Batch& batch) {
      std::vector<sensing::Series> all;
      for (const auto& command : batch.commands) {
        for (const auto& fact : command.facts) {
          if (fact.kind != "sensing.observed") continue;
          auto series = sensing::decode_block(fact.block());
          if (series) all.insert(all.end(), series->begin(), series->end());
        }
      }
      const auto begin = Time::now();
      Transaction transaction(floor);
      for (const auto& one : all) {
        for (const auto& sample : one.samples) {
          floor.prepare("INSERT INTO observations(stream, time, value) VALUES(?,?,?)")
              .bind(one.stream.value)
              .bind(sample.time)
              .bind(sample.value)
              .run();
          ++values;
        }
      }
      transaction.commit();
      seconds += std::chrono::duration<double>(Time::now() - begin).count();
      return true;
    });
    if (!read) return output.problem(read.error());
  }
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path + ending);
  const auto rate = seconds > 0 ? static_cast<std::int64_t>(static_cast<double>(values) / seconds) : 0;
  output.result(Json::object().set("observations", values).set("observations_a_second", rate),
                std::to_string(values) + " rows, " + std::to_string(rate) + "/s");
  return exit_done;
}

}  // namespace qipan::cmd
