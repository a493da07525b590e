// A FEEL expression in a scope of every type, compiled and evaluated; what it gives can be told and written.
#include "expr/json_values.hpp"
#include "expr/nodes.hpp"
#include "expr/parser.hpp"

namespace {

using namespace qipan;
using namespace qipan::expr;

class Given final : public Globals {
 public:
  const Value& at(std::size_t index, Machine&) override { return values_[index]; }

 private:
  std::vector<Value> values_ = {12, "积水", true, List{1, "b", Value()}, Date{20'000}, DaysTime{3'600, 0}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using Kind = Type::Kind;
  const std::vector<Name> names = {{"n", type_of(Kind::number), 0},  {"street name", type_of(Kind::text), 1},
                                   {"b", type_of(Kind::boolean), 2}, {"list", type_of(Kind::any), 3},
                                   {"day", type_of(Kind::date), 4},  {"span", type_of(Kind::days_time), 5}};
  Scope scope(names, nullptr);
  const Compiled compiled = compile_expression(scope, text);
  Given given;
  Machine machine(&given, {200'000, 8 << 20, 1'500, 50});
  const Value value = run(Code{compiled.node, scope.slots()}, machine);
  std::ignore = text_of(value);
  // What was written as JSON reads back.
  if (!parse_json(json_of(value).dump(), {64U << 20U, 100, 10'000'000}) && value.list() == nullptr &&
      value.context() == nullptr && is_utf8(text))
    __builtin_trap();
  return 0;
}
