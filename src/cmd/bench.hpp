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
  std::uint64_t from = 0;
  bool json = false;
};

/// The load generator, a process of its own: create, dispatch, resolve and close, each a request, on
/// keep-alive connections.
int run_bench_load(const BenchOptions& options);
int run_bench_preload(const BenchOptions& options);
/// What the disk and SQLite alone allow: the same log batches and as many rows of the same size in the same
/// group sizes.
int run_bench_floor(const BenchOptions& options);

}  // namespace qipan::cmd
