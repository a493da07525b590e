#include "cmd/output.hpp"

#include <unistd.h>

#include <cstdio>

#include "base/clock.hpp"

namespace qipan::cmd {

namespace {

void print(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

Json json_of(const Problem& problem) {
  Json json = Json::object();
  json.set("code", problem.code).set("field", problem.field).set("value", problem.value);
  return json.set("expected", problem.rule).set("remedy", problem.remedy);
}

}  // namespace

void Output::end_progress() {
  if (open_line_) print(stderr, "\n");
  open_line_ = false;
}

void Output::progress(std::string_view text) {
  const bool terminal = ::isatty(2) != 0;
  const std::int64_t now = SystemClock().now();
  if (now - last_ < (terminal ? 100'000 : 2'000'000)) return;
  last_ = now;
  if (terminal) {
    print(stderr, "\r\033[K" + std::string(text));
    open_line_ = true;
  } else {
    print(stderr, std::string(text) + "\n");
  }
}

void Output::line(std::string_view text) {
  end_progress();
  print(json_ ? stderr : stdout, std::string(text) + "\n");
  std::fflush(json_ ? stderr : stdout);
}

void Output::result(const Json& object, std::string_view text) {
  end_progress();
  print(stdout, (json_ ? object.dump() : std::string(text)) + "\n");
  std::fflush(stdout);
}

int Output::problem(const Problem& problem) {
  end_progress();
  print(stderr, "qipan: " + problem.line() + "\n");
  if (json_) print(stdout, Json::object().set("problem", json_of(problem)).dump() + "\n");
  return problem.kind == Problem::Kind::unavailable ? exit_unusable : exit_refused;
}

int Output::problems(const pack::Problems& problems) {
  end_progress();
  Json list = Json::array();
  for (const Problem& problem : problems) {
    print(stderr, "qipan: " + problem.line() + "\n");
    list.push(json_of(problem));
  }
  print(stderr,
        "qipan: " + std::to_string(problems.size()) + (problems.size() == 1 ? " fault" : " faults") + "\n");
  if (json_) print(stdout, Json::object().set("problems", std::move(list)).dump() + "\n");
  return exit_refused;
}

}  // namespace qipan::cmd
