#pragma once

#include <functional>
#include <memory>

namespace qipan {

/// Threads that do what is handed to them, in any order. The destructor waits for what they have begun and
/// drops the rest.
class Workers {
 public:
  /// As many as the machine has cores beside the caller's, at least one.
  Workers();
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  /// What `work` throws ends the program: hand over a task that keeps it.
  void post(std::function<void()> work);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace qipan
