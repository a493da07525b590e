#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "board/district.hpp"
#include "board/writer.hpp"
#include "outbox/transport.hpp"

namespace qipan::outbox {

/// Makes what one route leaves by.
using TransportFactory = std::function<std::unique_ptr<Transport>()>;

/// Carries queued notices out of the house and reports what became of each by a command. Routes (mail, each
/// webhook) go side by side, so that one that hangs delays no other; in a route the order is kept. A notice
/// is sent at least once: one whose report was lost by a crash goes out again under the same number.
class Courier {
 public:
  Courier(board::District& district, board::Writer& writer, TransportFactory transports);
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  /// Interrupts what is under way, which will go out again, and ends.
  ~Courier();

  /// Begins its own threads: one looks twice a second, and one a route carries.
  void start();
  /// Sends what is due now, one after the other; returns how many were tried. Not beside start().
  std::size_t send_due();

 private:
  using Notices = std::vector<notices::NoticeRow>;
  /// A route on its way.
  struct Lane {
    std::unique_ptr<Transport> transport;
    std::thread thread;
    bool done = false;
  };
  static constexpr std::size_t lanes_max = 8;

  void loop();
  /// Routes with notices that are due, but for those that rest.
  [[nodiscard]] std::map<std::string, Notices> due_by_route();
  /// Those whose lane came back make room.
  void join_done(std::unique_lock<std::mutex>& lock);
  std::size_t carry(const std::string& route, const Notices& notices, Transport& transport);
  /// False while the writer takes nothing: then nothing more is sent.
  [[nodiscard]] bool report_lost();
  [[nodiscard]] bool stopping();
  [[nodiscard]] bool report(std::int64_t id, const Delivery& delivery);
  Delivery send(const notices::NoticeRow& notice, Transport& transport);
  Delivery send_mail(const notices::NoticeRow& notice, Transport& transport);
  Delivery send_webhook(const notices::NoticeRow& notice, Transport& transport);
  /// Opens a sealed value; the vault belongs to the writing thread.
  [[nodiscard]] Result<std::string> reveal(const Json& reference);

  board::District& district_;
  board::Writer& writer_;
  TransportFactory transports_;
  std::mutex mutex_;
  /// Sent, but not written down yet: the writer refused. Reported before anything is sent again.
  std::map<std::int64_t, Delivery> unreported_;
  /// Routes that failed, until when they are left alone.
  std::map<std::string, Instant> resting_;
  std::map<std::string, Lane> lanes_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace qipan::outbox
