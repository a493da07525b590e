#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "board/district.hpp"
#include "board/writer.hpp"
#include "outbox/transport.hpp"

namespace qipan::outbox {

/// Carries queued notices out of the house and reports what became of each by a command. A notice is sent at
/// least once: one whose report was lost by a crash goes out again under the same number.
class Courier {
 public:
  Courier(board::District& district, board::Writer& writer, std::unique_ptr<Transport> transport);
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  /// Interrupts the notice at hand, which will go out again, and ends.
  ~Courier();

  /// Begins its own thread, which looks twice a second.
  void start();
  /// Sends what is due now; returns how many were tried. Not beside start().
  std::size_t send_due();

 private:
  void loop();
  [[nodiscard]] bool stopping();
  [[nodiscard]] bool report(std::int64_t id, const Delivery& delivery);
  Delivery send_mail(const notices::NoticeRow& notice);
  Delivery send_webhook(const notices::NoticeRow& notice);
  /// Opens a sealed value; the vault belongs to the writing thread.
  [[nodiscard]] Result<std::string> reveal(const Json& reference);

  board::District& district_;
  board::Writer& writer_;
  std::unique_ptr<Transport> transport_;
  /// Sent, but not written down yet: the writer refused. Reported before anything is sent again.
  std::map<std::int64_t, Delivery> unreported_;
  /// Routes that failed, until when they are left alone: waiting for a dead one holds up the others.
  std::map<std::string, Instant> resting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace qipan::outbox
