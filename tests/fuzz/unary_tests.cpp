// Cells of decision tables, asked about values of several kinds; the quick answer equals the full one.
#include "expr/nodes.hpp"
#include "expr/parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace qipan;
  using namespace qipan::expr;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Type::Kind kind : {Type::Kind::any, Type::Kind::number, Type::Kind::text, Type::Kind::date}) {
    Scope scope({}, nullptr);
    const std::size_t slot = scope.declare("?", type_of(kind));
    const Compiled compiled = compile_unary_tests(scope, text, slot, type_of(kind));
    for (const Value& value :
         {Value(), Value(5), Value("b"), Value(true), Value(Date{20'000}), Value(List{1, 2})}) {
      Machine machine(nullptr, {50'000, 4 << 20, 1'500, 50});
      const Machine::Frame frame(machine, scope.slots());
      machine.set_local(slot, value);
      const bool full = run(*compiled.node, machine).is_true();
      if (!machine.exhausted() && compiled.node->holds(machine) != full && !machine.exhausted())
        __builtin_trap();
    }
  }
  return 0;
}
