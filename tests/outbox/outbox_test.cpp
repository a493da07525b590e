// The courier against a transport that only notes, and real SMTP and HTTP against peers on this machine that
// speak by script.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/crypto.hpp"
#include "base/web_client.hpp"
#include "outbox/courier.hpp"
#include "support/app_world.hpp"
#include "support/peer.hpp"

using namespace qipan;
using namespace qipan::outbox;
using test::Peer;
using test::World;

namespace {

struct Noted {
  std::vector<Mail> mails;
  std::vector<Post> posts;
  Delivery answer{true, false, "fine"};
};

class NotingTransport final : public Transport {
 public:
  explicit NotingTransport(Noted& noted) : noted_(noted) {}
  Delivery mail(const notices::MailServer&, const std::string&, const Mail& mail) override {
    noted_.mails.push_back(mail);
    return noted_.answer;
  }
  Delivery post(const Post& post) override {
    noted_.posts.push_back(post);
    return noted_.answer;
  }

 private:
  Noted& noted_;
};

std::function<std::string(const std::string&)> mail_server(const std::string& to_recipient) {
  return [to_recipient, data = false](const std::string& line) mutable -> std::string {
    if (data) {
      if (line != ".\r\n") return "";
      data = false;
      return "250 kept\r\n";
    }
    if (line.starts_with("EHLO")) return "250 here\r\n";
    if (line.starts_with("RCPT")) return to_recipient + "\r\n";
    if (line.starts_with("DATA")) {
      data = true;
      return "354 go on\r\n";
    }
    if (line.starts_with("QUIT")) return "221 bye\r\n\x04";
    return "250 fine\r\n";
  };
}

notices::MailServer server_at(int port) {
  return {"127.0.0.1", port, "none", "q@example.org", "", Json(), "https://q.example"};
}

const Mail example_mail{"you@example.org", "notice-1@example.org", "案件 1 / Case 1", "第一行\n.\nlast",
                        1'780'000'000'000'000};

/// Sends what is due with this transport's answer.
Noted send_all(Delivery answer) {
  Noted noted;
  noted.answer = std::move(answer);
  Courier courier(World::get().district(), World::get().writer(),
                  [&noted] { return std::make_unique<NotingTransport>(noted); });
  while (courier.send_due() > 0) {
  }
  return noted;
}

void administer(const std::string& command, const std::string& body) {
  const auto admin = World::get().log_in("admin");
  const auto response =
      World::get().send("POST", "/api/v1/notices/" + command, body, admin.cookie, admin.csrf);
  ASSERT_EQ(response.status, 201) << response.body;
}

}  // namespace

TEST(Courier, MakesLinksAndOpensAddressesOnlyWhenItSends) {
  auto& world = World::get();
  administer(
      "set_mail",
      R"({"host":"mail","port":25,"security":"none","from":"q@example.org","site":"https://q.example"})");
  const auto response = world.send(
      "POST", "/api/v1/reports",
      R"({"type":"grid_event","fields":{"description":"有垃圾","reporter_email":"me@example.org"}})");
  ASSERT_EQ(response.status, 201) << response.body;
  const auto answer = parse_json(response.body);
  const Noted noted = send_all({true, false, "SMTP 250"});
  ASSERT_EQ(noted.mails.size(), 1U);
  EXPECT_EQ(noted.mails[0].to, "me@example.org");
  EXPECT_NE(noted.mails[0].text.find("https://q.example/follow/" + answer->text_or("token", "?")),
            std::string::npos);
  const auto admin = world.log_in("admin");
  const auto of_case = world.send(
      "GET", "/api/v1/cases/" + std::to_string(answer->integer_or("case", 0)) + "/notices", "", admin.cookie);
  EXPECT_NE(of_case.body.find(R"("state":"sent")"), std::string::npos) << of_case.body;
  EXPECT_EQ(of_case.body.find("me@example.org"), std::string::npos);
  EXPECT_TRUE(send_all({true, false, ""}).mails.empty()) << "once is enough";
}

TEST(Courier, SignsWhatItPostsAndWaitsAfterAFailure) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto added =
      world.send("POST", "/api/v1/notices/add_webhook",
                 R"({"name":"听","url":"https://hooks.example/","unit":"440704"})", admin.cookie, admin.csrf);
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string secret = parse_json(added.body)->text_or("secret", "");
  ASSERT_TRUE(secret.starts_with("qws_"));
  administer("test", R"({"webhook":1})");
  const Noted noted = send_all({false, false, "HTTP 500"});
  ASSERT_EQ(noted.posts.size(), 1U) << "the next attempt waits";
  std::string signature;
  for (const auto& header : noted.posts[0].headers) {
    if (header.starts_with("Qipan-Signature: ")) signature = header.substr(17);
  }
  ASSERT_TRUE(signature.starts_with("t=")) << signature;
  const auto comma = signature.find(",v1=");
  const std::string second = signature.substr(2, comma - 2);
  EXPECT_EQ(signature.substr(comma + 4),
            to_hex(view_of(hmac_sha256(secret, second + "." + noted.posts[0].body))));
  EXPECT_EQ(world.send("GET", "/api/v1/notice-channels", "", admin.cookie).body.find(secret),
            std::string::npos);
}

TEST(MailText, IsPlainAsciiWhateverIsInIt) {
  Mail mail = example_mail;
  for (int i = 0; i < 20; ++i) mail.subject += "很长的标题";
  const std::string text = mail_text("q@example.org", mail);
  EXPECT_EQ(text.substr(0, 37), "Date: Thu, 28 May 2026 20:26:40 +0000");
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 2) {
    end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 78U);
    for (const char c : text.substr(at, end - at)) EXPECT_TRUE(c >= ' ' && c < 127);
  }
  EXPECT_NE(text.find("\r\n\r\n" + to_base64(mail.text).substr(0, 12)), std::string::npos);
}

TEST(Curl, SpeaksWithAMailServer) {
  Peer peer("220 hello\r\n", mail_server("250 fine"));
  const Delivery delivery = curl_transport()->mail(server_at(peer.port), "", example_mail);
  EXPECT_TRUE(delivery.delivered) << delivery.told;
  peer.finish();
  EXPECT_NE(peer.heard.find("MAIL FROM:<q@example.org>"), std::string::npos) << peer.heard;
  EXPECT_NE(peer.heard.find("RCPT TO:<you@example.org>"), std::string::npos);
  EXPECT_NE(peer.heard.find("Message-ID: <notice-1@example.org>"), std::string::npos);
}

TEST(Curl, KnowsARefusalForGoodFromOneForNow) {
  Peer full("220 hello\r\n", mail_server("452 full"));
  const Delivery later = curl_transport()->mail(server_at(full.port), "", example_mail);
  EXPECT_FALSE(later.delivered);
  EXPECT_FALSE(later.permanent) << later.told;
  Peer unknown("220 hello\r\n", mail_server("550 nobody"));
  const Delivery never = curl_transport()->mail(server_at(unknown.port), "", example_mail);
  EXPECT_FALSE(never.delivered);
  EXPECT_TRUE(never.permanent) << never.told;
  EXPECT_EQ(never.told.find("you@example.org"), std::string::npos);
}

TEST(Curl, DoesNotSendInTheClearWhatShouldBeSealed) {
  Peer peer("220 hello\r\n", mail_server("250 fine"));
  auto server = server_at(peer.port);
  server.security = "starttls";
  const Delivery delivery = curl_transport()->mail(server, "", example_mail);
  EXPECT_FALSE(delivery.delivered);
  peer.finish();
  EXPECT_EQ(peer.heard.find("RCPT"), std::string::npos) << peer.heard;
}

TEST(Curl, PostsAndFollowsNobody) {
  Peer peer("", [](const std::string& line) -> std::string {
    return line == "\r\n"
               ? "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n\x04"
               : "";
  });
  const Delivery delivery =
      curl_transport({"127.0.0.1"})
          ->post({"http://127.0.0.1:" + std::to_string(peer.port) + "/x", "{}", {"Expect:"}});
  EXPECT_FALSE(delivery.delivered);
  EXPECT_EQ(delivery.told, "HTTP 302");
  Peer gone("", [](const std::string& line) -> std::string {
    return line == "\r\n" ? "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n\x04" : "";
  });
  EXPECT_TRUE(curl_transport({"127.0.0.1"})
                  ->post({"http://127.0.0.1:" + std::to_string(gone.port) + "/", "{}", {"Expect:"}})
                  .permanent);
  EXPECT_FALSE(curl_transport()->post({"http://127.0.0.1:1/", "{}", {}}).permanent)
      << "nobody there, for now";
  EXPECT_FALSE(curl_transport()->post({"file:///etc/hostname", "{}", {}}).delivered);
}

TEST(Curl, PostsToNoAddressOfThisMachineUnlessItIsNamed) {
  Peer peer("", [](const std::string&) { return std::string(); });
  const std::string port = std::to_string(peer.port);
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    const Delivery delivery =
        curl_transport()->post({"http://" + std::string(host) + ":" + port + "/", "{}", {}});
    EXPECT_FALSE(delivery.delivered) << host;
    EXPECT_FALSE(delivery.permanent);
  }
  peer.finish();
  EXPECT_EQ(peer.heard, "") << "nothing was even connected";
  for (const char* near :
       {"127.0.0.1", "127.255.0.1", "::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::", "::ffff:127.0.0.1",
        "::ffff:169.254.1.1", "224.0.0.1", "ff02::1", "255.255.255.255"})
    EXPECT_TRUE(is_near_address(near)) << near;
  for (const char* far :
       {"10.0.0.1", "192.168.1.1", "172.16.0.9", "8.8.8.8", "fd00::1", "2001:db8::1", "128.0.0.1"})
    EXPECT_FALSE(is_near_address(far)) << far;
}

TEST(Curl, PostsToNoInterfaceOfThisMachineEither) {
  std::string own;
  ifaddrs* list = nullptr;
  ASSERT_EQ(getifaddrs(&list), 0);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text, sizeof text);
    if (!is_near_address(text)) own = text;
  }
  freeifaddrs(list);
  if (own.empty()) GTEST_SKIP() << "this machine has no address but its loopback";
  const auto heard = [&](std::vector<std::string> allowed) {
    Peer peer(
        "",
        [](const std::string& line) {
          return line == "{}" ? "" : line == "\r\n" ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\x04" : "";
        },
        INADDR_ANY);
    const std::string url = "http://" + own + ":" + std::to_string(peer.port) + "/";
    std::ignore = curl_transport(std::move(allowed))->post({url, "{}", {}});
    peer.finish();
    return peer.heard;
  };
  EXPECT_EQ(heard({}), "");
  EXPECT_NE(heard({own}), "") << "named by the operator";
}

// Webhooks that hang delay neither mail nor each other.
TEST(Courier, ARouteThatHangsDelaysNoOther) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  for (int i = 0; i < 3; ++i)
    ASSERT_EQ(world
                  .send("POST", "/api/v1/notices/add_webhook",
                        R"({"name":"慢)" + std::to_string(i) +
                            R"(","url":"https://slow.example/","unit":"440704"})",
                        admin.cookie, admin.csrf)
                  .status,
              201);
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    int hanging = 0;
    bool mailed = false;
    bool released = false;
  } state;
  class Hanging final : public Transport {
   public:
    explicit Hanging(State& state) : state_(state) {}
    Delivery mail(const notices::MailServer&, const std::string&, const Mail&) override {
      const std::lock_guard lock(state_.mutex);
      state_.mailed = true;
      state_.changed.notify_all();
      return {true, false, "SMTP 250"};
    }
    Delivery post(const Post&) override {
      std::unique_lock lock(state_.mutex);
      ++state_.hanging;
      state_.changed.notify_all();
      state_.changed.wait(lock, [this] { return state_.released; });
      return {false, false, "interrupted"};
    }
    void interrupt() override {
      const std::lock_guard lock(state_.mutex);
      state_.released = true;
      state_.changed.notify_all();
    }

   private:
    State& state_;
  };
  const auto response = world.send(
      "POST", "/api/v1/reports",
      R"({"type":"grid_event","fields":{"description":"路灯不亮","reporter_email":"me@example.org"}})");
  ASSERT_EQ(response.status, 201) << response.body;
  for (int i = 2; i <= 4; ++i) administer("test", R"({"webhook":)" + std::to_string(i) + "}");
  Courier courier(world.district(), world.writer(), [&state] { return std::make_unique<Hanging>(state); });
  courier.start();
  std::unique_lock lock(state.mutex);
  EXPECT_TRUE(state.changed.wait_for(lock, std::chrono::seconds(30),
                                     [&] { return state.mailed && state.hanging >= 3; }))
      << state.hanging << " hang, mailed: " << state.mailed;
}

TEST(Curl, CanBeInterrupted) {
  Peer silent("220 hello\r\n", [](const std::string&) { return std::string(); });
  const auto transport = curl_transport();
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    transport->interrupt();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(transport->mail(server_at(silent.port), "", example_mail).delivered);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10))
      << "not the thirty of its limit";
  stopper.join();
}
