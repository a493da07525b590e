// Who logs in, from where and how often; which passwords are taken; what unknown callers may do. Each test
// has limits of its own before the common district.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "base/password.hpp"
#include "support/app_world.hpp"

using namespace qipan;
using namespace qipan::test;

namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

class Logins : public testing::Test {
 protected:
  explicit Logins(AppOptions options = limits())
      : app_(World::get().district(), World::get().writer(), cmd::model_loader(), std::move(options)) {}

  static AppOptions limits() {
    AppOptions options;
    options.login = {3, 0};
    options.unknown = {3, 0};
    options.uploads = {2, 0};
    options.anonymous = {2, 0};
    return options;
  }
  Response send(const std::string& method, const std::string& path, const std::string& body,
                const std::string& address, const Headers& headers = {}) {
    Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.remote = address;
    request.headers = headers;
    request.headers.emplace("content-type", "application/json");
    std::promise<Response> promise;
    app_.handle(std::move(request), [&](Response response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }
  Response log_in(const std::string& password, const std::string& address, const Headers& headers = {}) {
    return send("POST", "/api/v1/session", R"({"login":"leader","password":")" + password + "\"}", address,
                headers);
  }
  static std::string cookie_of(const Response& response) {
    for (const auto& [header, value] : response.headers)
      if (header == "Set-Cookie") return value.substr(0, value.find(';'));
    return "";
  }
  bool is_known(const std::string& cookie) {
    const Response response = send("GET", "/api/v1/session", "", "192.0.2.1", {{"cookie", cookie}});
    return (*parse_json(response.body))["person"].is_object();
  }

  App app_;
};

class SecureLogins : public Logins {
 protected:
  SecureLogins() : Logins(secure()) {}
  static AppOptions secure() {
    AppOptions options = limits();
    options.secure_cookies = true;
    return options;
  }
};

/// A small PNG: one pixel.
const std::string png = *from_hex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082");

}  // namespace

TEST_F(Logins, APlaceThatIsKnownIsNotLockedOut) {
  ASSERT_EQ(log_in("a good password", "192.0.2.1").status, 200);
  // Somebody tries from many places, until the login is closed for all that are not known.
  int tries = 0;
  for (int place = 1; place <= 20; ++place) {
    const Response response = log_in("wrong", "198.51.100." + std::to_string(place));
    if (response.status == 429) break;
    EXPECT_EQ(response.status, 401);
    ++tries;
  }
  EXPECT_EQ(tries, 17) << "six times what a place may, and the owner's own was one of them";
  EXPECT_EQ(log_in("a good password", "198.51.100.99").status, 429)
      << "also for the right one from elsewhere";
  EXPECT_EQ(log_in("a good password", "192.0.2.1").status, 200) << "but not where the owner sits";
  EXPECT_EQ(log_in("wrong", "192.0.2.1").status, 401);
  EXPECT_EQ(log_in("a good password", "192.0.2.1").status, 429) << "three tries a place";
}

TEST_F(Logins, ANewLoginEndsTheOneBefore) {
  const Response first = log_in("a good password", "192.0.2.1");
  const std::string before = cookie_of(first);
  EXPECT_TRUE(is_known(before));
  const std::string csrf = parse_json(first.body)->text_or("csrf", "");
  const std::string after =
      cookie_of(log_in("a good password", "192.0.2.1", {{"cookie", before}, {"x-csrf-token", csrf}}));
  EXPECT_FALSE(is_known(before));
  EXPECT_TRUE(is_known(after));
}

TEST_F(Logins, UnknownCallersAreCounted) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send("POST", "/api/v1/cases", "{}", "192.0.2.1").status, 401);
  EXPECT_EQ(send("POST", "/api/v1/cases", "{}", "192.0.2.1").status, 429);
  EXPECT_EQ(send("POST", "/api/v1/cases", "{}", "192.0.2.2").status, 401) << "each by itself";
}

TEST_F(Logins, UploadsAreCounted) {
  const Response login = log_in("a good password", "192.0.2.1");
  const Headers headers = {{"cookie", cookie_of(login)},
                           {"x-csrf-token", parse_json(login.body)->text_or("csrf", "")},
                           {"content-type", "image/png"}};
  for (const auto& known : {headers, Headers{{"content-type", "image/png"}}}) {
    for (int i = 0; i < 2; ++i) {
      const Response response = send("POST", "/api/v1/photos", png, "192.0.2.1", known);
      EXPECT_EQ(response.status, 201) << response.body;
    }
    EXPECT_EQ(send("POST", "/api/v1/photos", png, "192.0.2.1", known).status, 429);
  }
}

TEST_F(Logins, AFolderOfPhotosThatFailsTellsNoPath) {
  const std::filesystem::path folder = World::get().district().folder() + "/content";
  const std::filesystem::path aside = folder.string() + "-aside";
  std::filesystem::rename(folder, aside);
  std::ofstream(folder) << "no folder";
  const Response response = send("POST", "/api/v1/photos", png, "192.0.2.1");
  std::filesystem::remove(folder);
  std::filesystem::rename(aside, folder);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(code_of(response), "content-unusable");
  EXPECT_EQ(response.body.find("/content"), std::string::npos) << response.body;
}

// A connection that broke before the answer came: the same request again hears the same, and another one
// under its key is refused.
TEST(Replays, HearTheSameSecretAndSetTheSamePassword) {
  auto& world = World::get();
  const auto admin = world.log_in("admin");
  const auto security = world.log_in("security");
  const auto send = [&](const std::string& command, const std::string& body, const std::string& key) {
    const auto& by = command == "issue_token" ? security : admin;
    return world.send("POST", "/api/v1/units/" + command, body, by.cookie, by.csrf, key);
  };
  const std::string token = R"({"login":"leader","purpose":"replayed"})";
  const std::string key = "7d2e61c09a4f83b5";
  const auto first = parse_json(send("issue_token", token, key).body);
  const auto again = parse_json(send("issue_token", token, key).body);
  EXPECT_FALSE(first->text_or("secret", "").empty());
  EXPECT_EQ((*first)["secret"], (*again)["secret"]);
  EXPECT_EQ((*first)["position"], (*again)["position"]) << "and it is one key";
  EXPECT_NE((*parse_json(send("issue_token", token, key + "0").body))["secret"], (*first)["secret"]);
  EXPECT_EQ(send("issue_token", R"({"login":"leader","purpose":"another"})", key).status, 409);
  ASSERT_EQ(send("add_person",
                 R"({"login":"replayed","unit":"440704","title_zh":"某人","title_en":"Somebody"})", "")
                .status,
            200);
  const auto set = [&](const std::string& password) {
    return send(
        "set_password",
        R"({"login":"replayed","password":")" + password + R"(","present_password":"a good password"})",
        "9b1f" + key);
  };
  const Response done = set("井盖、路灯和一只猫");
  ASSERT_EQ(done.status, 200) << done.body;
  const Response repeated = set("井盖、路灯和一只猫");
  EXPECT_EQ(repeated.status, 200) << repeated.body;
  EXPECT_EQ((*parse_json(done.body))["position"], (*parse_json(repeated.body))["position"]);
  EXPECT_EQ(set("井盖、路灯和两只猫").status, 409);
}

// Only who may set a password hands one in: elsewhere it would be compared with what stands.
TEST(Replays, APasswordIsNoMemberOfOtherCommands) {
  auto& world = World::get();
  for (const auto& [login, code] : {std::pair("worker-lile", "not-permitted"), {"admin", "field-unknown"}}) {
    const auto caller = world.log_in(login);
    const Response refused =
        world.send("POST", "/api/v1/units/create",
                   R"({"code":"Z","kind":"grid","parent":"440704","title_zh":"甲","title_en":"A",)"
                   R"("password":"a good password"})",
                   caller.cookie, caller.csrf, "4c8d15e2f07b6a93");
    EXPECT_EQ(code_of(refused), code) << refused.body;
    EXPECT_EQ(refused.body.find("a good password"), std::string::npos) << "nor is it told again";
  }
}

TEST(Links, AreHeldByTheirTagAndOlderOnesStayGood) {
  const board::District& district = World::get().district();
  const std::string token = district.follow_token(7);
  EXPECT_EQ(district.follow_case(token), 7);
  const auto with_tag = [&](std::size_t bytes, std::string_view of) {
    Encoder encoder;
    encoder.number(7);
    const Hash tag = hmac_sha256(district.token_key(), "follow:" + std::string(of));
    encoder.raw(view_of(tag).substr(0, bytes));
    return to_base32(encoder.bytes());
  };
  EXPECT_EQ(with_tag(16, "7"), token);
  EXPECT_EQ(district.follow_case(with_tag(12, "7")), 7) << "as they were given out before";
  EXPECT_EQ(district.follow_case(with_tag(12, "8")), std::nullopt);
  for (const std::size_t bytes : {0, 1, 11, 13, 15})
    EXPECT_EQ(district.follow_case(with_tag(bytes, "7")), std::nullopt) << bytes;
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(district.follow_case(other), std::nullopt) << other;
  }
}

TEST_F(SecureLogins, TheCookieHoldsToHostAndTls) {
  const Response response = log_in("a good password", "192.0.2.1");
  std::string whole;
  for (const auto& [header, value] : response.headers)
    if (header == "Set-Cookie") whole = value;
  EXPECT_TRUE(whole.starts_with("__Host-qipan_session=")) << whole;
  for (const char* part : {"; Path=/;", "; HttpOnly", "; SameSite=Strict", "; Secure"})
    EXPECT_NE(whole.find(part), std::string::npos) << part;
  EXPECT_EQ(whole.find("Domain"), std::string::npos);
  EXPECT_TRUE(is_known(cookie_of(response)));
}

TEST(Password, IsTakenByCharactersAndByGuesses) {
  const std::pair<const char*, const char*> table[] = {
      {"密码啊", "password-length"},     {"short", "password-length"},
      {"", "password-length"},           {"a\tcontrol character", "password-length"},
      {"12345678", "password-common"},   {"password", "password-common"},
      {"P@ssw0rd", "password-common"},   {"qwertyuiop", "password-common"},
      {"iloveyou1", "password-common"},  {"aaaaaaaaaaaa", "password-common"},
      {"20010203", "password-common"},   {"woaini1314", "password-common"},
      {"5201314520", "password-common"}, {"worker-lile", "password-common"},
      {"a good password", ""},           {"a long enough one", ""},
      {"井盖、路灯和一只猫", ""},        {"  blanks stay  ", ""},
  };
  for (const auto& [password, code] : table) {
    const auto taken = check_password(password, {"worker-lile"});
    EXPECT_EQ(taken ? "" : taken.error().code, code) << password;
    if (taken) continue;
    EXPECT_EQ(taken.error().value, "") << "a refusal never holds it";
  }
  EXPECT_EQ(check_password(std::string(201, 'x'), {}).error().code, "password-length");
}
