#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "expr/value.hpp"

namespace qipan::expr {

class Machine;
class Node;

/// Why something is null: FEEL has no exceptions (DMN 1.5, 10.3.2.16).
struct Diagnostic {
  std::string code;  // stable, kebab-case
  std::string text;
};

/// Values that stand outside of an expression; a decision's inputs are computed when they are first read.
class Globals {
 public:
  virtual ~Globals() = default;
  [[nodiscard]] virtual const Value& at(std::size_t index, Machine& machine) = 0;
};

/// A place for whoever wants to see what decision tables did; the rules engine knows its form.
class Tracer {
 public:
  virtual ~Tracer() = default;
};

struct MachineLimits {
  std::int64_t steps_max = 5'000'000;
  std::int64_t bytes_max = 64 << 20;  // of all that is made while evaluating, also what is dropped again
  int depth_max = 1'500;              // nested nodes; frames of a debug build fit into a thread's stack
  std::size_t diagnostics_max = 50;
};

/// Runs compiled expressions: frames of local values, a budget of steps, memory and depth, and what went
/// wrong. Used by one thread; may be used again after reset().
class Machine {
 public:
  explicit Machine(Globals* globals = nullptr, MachineLimits limits = {});

  /// Null, and the reason; further reasons beyond the limit are dropped.
  Value fail(std::string_view code, std::string text);
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

  /// Charges the budget; false when it is spent, and everything is null from then on.
  [[nodiscard]] bool charge(std::int64_t steps, std::int64_t bytes = 0);
  [[nodiscard]] bool exhausted() const { return exhausted_; }

  [[nodiscard]] const Value& global(std::size_t index) { return globals_->at(index, *this); }
  [[nodiscard]] const Value& local(std::size_t slot) const { return stack_[base_ + slot]; }
  void set_local(std::size_t slot, Value value) { stack_[base_ + slot] = std::move(value); }

  /// Room for the locals of one piece of code, as long as it lives.
  class Frame {
   public:
    Frame(Machine& machine, std::size_t slots);
    ~Frame();
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

   private:
    Machine& machine_;
    std::size_t base_;
  };

  /// Other globals for a while: a decision service sees only what it is given.
  class Scope {
   public:
    Scope(Machine& machine, Globals& globals) : machine_(machine), before_(machine.globals_) {
      machine.globals_ = &globals;
    }
    ~Scope() { machine_.globals_ = before_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Machine& machine_;
    Globals* before_;
  };

  [[nodiscard]] Tracer* tracer() const { return tracer_; }
  void trace_to(Tracer* tracer) { tracer_ = tracer; }
  /// `now()` and `today()` are of this moment, which comes with the request (nanoseconds since 1970, UTC).
  void set_now(DateTime now) { now_ = now; }
  [[nodiscard]] const std::optional<DateTime>& now() const { return now_; }
  void reset(Globals* globals);

 private:
  friend Value run(const Node& node, Machine& machine);

  Globals* globals_;
  Tracer* tracer_ = nullptr;
  MachineLimits limits_;
  std::vector<Value> stack_;
  std::size_t base_ = 0;
  std::int64_t steps_ = 0;
  std::int64_t bytes_ = 0;
  int depth_ = 0;
  bool exhausted_ = false;
  std::vector<Diagnostic> diagnostics_;
  std::optional<DateTime> now_;
};

}  // namespace qipan::expr
