// Decisions a second of one core over a table, as `bench/decide.mjs` asks for them:
//   decide MODEL.dmn DECISION REQUESTS.json EXPECTED.json [seconds]
// Prints one JSON object. Every result is compared before anything is timed.
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <iostream>

#include "base/file.hpp"
#include "expr/json_values.hpp"
#include "rules/decision_model.hpp"
#include "rules/evaluation.hpp"
#include "rules/trace.hpp"

namespace {

using namespace qipan;
using Clock = std::chrono::steady_clock;

/// Passes over all requests until the time is over; requests a second.
double rate(double seconds, std::size_t requests, const std::function<void()>& pass) {
  pass();
  const auto start = Clock::now();
  std::size_t passes = 0;
  double spent = 0;
  while (spent < seconds) {
    pass();
    ++passes;
    spent = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return static_cast<double>(passes * requests) / spent;
}

int wrong(const std::string& what) {
  std::cerr << "decide: " << what << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return wrong("MODEL.dmn DECISION REQUESTS.json EXPECTED.json [seconds]");
  const double seconds = argc > 5 ? std::stod(argv[5]) : 3;
  const auto model = rules::Model::load({{argv[1], read_file(argv[1]).value_or("")}});
  const JsonLimits limits{64U << 20U, 32, 10'000'000};
  const auto requests = parse_json(read_file(argv[3]).value_or(""), limits);
  const auto expected = parse_json(read_file(argv[4]).value_or(""), limits);
  if (!model || !requests || !expected) return wrong("a file cannot be read");
  const rules::Element* decision = (*model)->find(rules::Element::Kind::decision, argv[2]);
  if (decision == nullptr) return wrong(std::string("no decision ") + argv[2]);
  const std::size_t index = (*model)->index_of(*decision);
  const auto inputs = (*model)->inputs_of(*decision);

  std::vector<std::vector<expr::Value>> bound;
  std::vector<std::string> texts;
  for (const Json& request : requests->items()) {
    auto& values = bound.emplace_back();
    for (const std::size_t input : inputs)
      values.push_back(expr::value_of(request[(*model)->elements()[input].name]));
    texts.push_back(request.dump());
  }
  rules::Evaluation evaluation(**model);
  expr::Machine machine(&evaluation);
  const auto decide = [&](const std::vector<expr::Value>& values) -> const expr::Value& {
    evaluation.clear();
    machine.reset(&evaluation);
    for (std::size_t i = 0; i < inputs.size(); ++i) evaluation.set(inputs[i], values[i]);
    return evaluation.at(index, machine);
  };
  // As engines and the command line ask: JSON text in, JSON text out, nothing kept between requests.
  const rules::DmnDecisions decisions(*model, {});
  const auto answer = [&](const std::string& text, std::string& into) {
    const auto request = parse_json(text);
    const auto decided =
        request ? decisions.decide(argv[2], *request, 20'000) : Result<expr::Decided>(refuse({}));
    if (decided) decided->outputs.dump_to(into);
    return decided.has_value();
  };
  std::string out;
  for (std::size_t i = 0; i < bound.size(); ++i) {
    if (expr::json_of(decide(bound[i])) != expected->items()[i])
      return wrong("request " + std::to_string(i) + " differs");
    out.clear();
    if (!answer(texts[i], out) || *parse_json(out) != expected->items()[i])
      return wrong("request " + std::to_string(i) + " differs as JSON: " + out);
  }
  std::size_t matched = 0;
  const double values_rate = rate(seconds, bound.size(), [&] {
    for (const auto& values : bound) matched += decide(values).is_null() ? 0 : 1;
  });
  rules::Trace trace;
  machine.trace_to(&trace);
  const double traced_rate = rate(seconds, bound.size(), [&] {
    for (const auto& values : bound) {
      trace.clear();
      matched += decide(values).is_null() ? 0 : 1;
    }
  });
  machine.trace_to(nullptr);
  const double json_rate = rate(seconds, texts.size(), [&] {
    for (const std::string& text : texts) {
      out.clear();
      matched += answer(text, out) ? 1 : 0;
    }
  });
  std::cout << fmt::format(R"({{"requests":{},"values":{:.0f},"traced":{:.0f},"json":{:.0f},"matched":{}}})",
                           bound.size(), values_rate, traced_rate, json_rate, matched)
            << "\n";
  return 0;
}
