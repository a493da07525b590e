#pragma once

#include <cstdint>
#include <string>

namespace qipan::cmd {

struct BenchOptions {
  std::uint16_t port = 8080;
  std::string login = "leader";  // files, dispatches and closes
  std::string handler = "d-hw";  // resolves
  std::string password = "qipan-demo";
  int connections = 64;
  std::int64_t cases = 10'000;
  std::string data;
  std::string floor_folder;  // where the bare file is made; empty: in `data`
  bool open = false;         // preloaded cases stay dispatched
  int streams = 1'000;
  int things = 1;      // at places of the district, that the streams are spread over
  int values = 1'000;  // a request
  std::int64_t offset =
      0;                // seconds by which their times are moved, so that a second load is not a repetition
  bool spread = false;  // each value of another stream, instead of all of one
  bool lines = false;   // a line of JSON a series to /api/v1/import, as VictoriaMetrics takes them
  std::uint64_t from = 0;
  bool json = false;
};

/// The load generator, a process of its own: create, dispatch, resolve and close, each a request, on
/// keep-alive connections.
int run_bench_load(const BenchOptions& options);
/// Observations over HTTP: requests of so many values each, on keep-alive connections.
int run_bench_observe(const BenchOptions& options);
/// Enters streams of nitrogen dioxide, so that limits of values and of means are on.
int run_bench_streams(const BenchOptions& options);
/// The same values appended to bare SQLite in the same groups.
int run_bench_observe_floor(const BenchOptions& options);
int run_bench_preload(const BenchOptions& options);
/// What the disk and SQLite alone allow: the same log batches and as many rows of the same size in the same
/// group sizes.
int run_bench_floor(const BenchOptions& options);
/// A district's log folded into a new database beside it, as a rebuild of its views does.
int run_bench_fold(const BenchOptions& options);

}  // namespace qipan::cmd
