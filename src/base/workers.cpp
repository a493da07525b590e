#include "base/workers.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

namespace qipan {

struct Workers::Pool {
  boost::asio::thread_pool threads{std::max(2U, std::thread::hardware_concurrency()) - 1};
};

Workers::Workers() : pool_(std::make_unique<Pool>()) {}

Workers::~Workers() {
  pool_->threads.stop();
  pool_->threads.join();
}

void Workers::post(std::function<void()> work) {
  boost::asio::post(pool_->threads, std::move(work));
}

}  // namespace qipan
