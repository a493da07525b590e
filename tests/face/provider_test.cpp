// The house's login service: what it says is believed as far as the standard goes, and no further. The flow
// with a real one is in the pages' suite (web/tests/provider.spec.mjs).
#include "face/app/login_provider.hpp"

#include <fstream>

#include "support/app_world.hpp"
#include "support/signed.hpp"

using namespace qipan;
using test::World;

namespace {

constexpr std::int64_t now_seconds = 1'790'000'000;

/// A login service that says what the test tells it to.
class Service {
 public:
  Service()
      : server_({.port = 0},
                [this](face::Request request, const face::Respond& respond) { respond(answer(request)); }) {
    EXPECT_TRUE(server_.start());
    url = "http://127.0.0.1:" + std::to_string(server_.port());
    issuer = url;
  }
  [[nodiscard]] Json claims() const {
    return Json::object()
        .set("iss", url)
        .set("aud", "qipan")
        .set("exp", now_seconds + 300)
        .set("iat", now_seconds)
        .set("nonce", "n")
        .set("preferred_username", "leader");
  }
  [[nodiscard]] face::ProviderOptions options() const {
    return {
        url, "qipan", "a secret & more", "http://127.0.0.1:1", "preferred_username", {"统一登录", "House"}};
  }

  std::string url;
  std::string issuer;
  Json said;
  int token_status = 200;
  test::SigningKey key{"k"};
  std::vector<face::Request> asked;

 private:
  face::Response answer(const face::Request& request) {
    asked.push_back(request);
    Json json = Json::object();
    if (request.path == "/.well-known/openid-configuration") {
      json.set("issuer", issuer)
          .set("authorization_endpoint", url + "/authorize")
          .set("token_endpoint", url + "/token")
          .set("jwks_uri", url + "/keys");
    } else if (request.path == "/keys") {
      json.set("keys", Json::array().push(key.open()));
    } else {
      json.set("id_token", key.sign(said.dump()));
      if (token_status != 200) return face::Response::text(token_status, R"({"error":"invalid_grant"})");
    }
    return face::json_response(json);
  }
  face::Server server_;
};

std::string outcome(Service& service) {
  face::LoginProvider provider(service.options());
  const auto login = provider.known_by("a code", {"s", "n", "v"}, now_seconds * microseconds_per_second);
  return login ? login->login + (login->several_factors ? " mfa" : "")
               : login.error().code + " " + login.error().value;
}

}  // namespace

TEST(Provider, IsBelievedForWhatIsMeantForUs) {
  Service service;
  struct Row {
    const char* member;
    Json value;
    const char* outcome;
  };
  const Json both = Json::array().push("qipan").push("other");
  const Row rows[] = {
      {"", {}, "leader"},
      {"iss", "http://127.0.0.1:9", "provider-answer iss"},
      {"iss", {}, "provider-answer iss"},
      {"aud", "another", "provider-answer aud"},
      {"aud", {}, "provider-answer aud"},
      {"aud", both, "provider-answer azp"},
      {"azp", "other", "provider-answer azp"},
      {"azp", "qipan", "leader"},
      {"exp", now_seconds - 59, "leader"},
      {"exp", now_seconds - 61, "provider-answer exp"},
      {"exp", {}, "provider-answer exp"},
      {"iat", now_seconds + 61, "provider-answer iat"},
      {"nonce", "of another browser", "provider-answer nonce"},
      {"nonce", {}, "provider-answer nonce"},
      {"amr", Json::array().push("pwd"), "leader"},
      {"amr", Json::array().push(7).push("mfa"), "leader mfa"},
      {"amr", "mfa", "leader"},
      {"exp", INT64_MIN, "provider-answer exp"},
      {"iat", INT64_MAX, "provider-answer iat"},
      {"preferred_username", {}, "provider-answer preferred_username"},
  };
  for (const Row& row : rows) {
    service.said = service.claims();
    if (*row.member != 0) service.said.set(row.member, row.value);
    EXPECT_EQ(outcome(service), row.outcome) << row.member << " " << row.value.dump();
  }
}

TEST(Provider, AsksAsTheStandardSays) {
  Service service;
  service.said = service.claims();
  face::LoginProvider provider(service.options());
  const auto address = provider.address({"s", "n", "v"});
  ASSERT_TRUE(address) << address.error().line();
  // The challenge is SHA-256 of the verifier in base64url (RFC 7636, 4.2).
  for (const char* part :
       {"/authorize?response_type=code", "client_id=qipan", "scope=openid%20profile", "state=s", "nonce=n",
        "code_challenge_method=S256", "code_challenge=TJRIXgwhrmxBzh3-e2v6zupato5AokdvUCCOUm9QYIA",
        "redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fapi%2Fv1%2Fsession%2Fprovider%2Fback"})
    EXPECT_NE(address->find(part), std::string::npos) << part << " in " << *address;
  ASSERT_TRUE(provider.known_by("a code", {"s", "n", "v"}, now_seconds * microseconds_per_second));
  const auto token = std::find_if(service.asked.begin(), service.asked.end(),
                                  [](const face::Request& one) { return one.path == "/token"; });
  ASSERT_NE(token, service.asked.end());
  EXPECT_NE(token->body.find("code=a%20code"), std::string::npos) << token->body;
  EXPECT_NE(token->body.find("code_verifier=v"), std::string::npos);
  EXPECT_EQ(token->body.find("secret"), std::string::npos);
  EXPECT_EQ(token->header("authorization"), "Basic " + to_base64("qipan:a%20secret%20%26%20more"));
}

TEST(Provider, ThatAnswersOtherwiseIsNotBelieved) {
  Service service;
  service.said = service.claims();
  service.token_status = 400;
  EXPECT_EQ(outcome(service), "provider-answer code");
  service.token_status = 500;
  EXPECT_EQ(outcome(service).substr(0, 20), "provider-unavailable");
  service.token_status = 200;
  service.issuer = "http://127.0.0.1:9";
  EXPECT_EQ(outcome(service), "provider-unavailable another issuer");
  face::ProviderOptions nobody = service.options();
  nobody.issuer = "http://127.0.0.1:1";
  EXPECT_EQ(face::LoginProvider(nobody).address({}).error().code, "provider-unavailable");
}

// Another site's page cannot log somebody in as another, and there is no way back without a way there.
TEST(Provider, TheWayBackIsThisBrowsersAlone) {
  Service service;
  auto& world = World::get();
  world.use_provider(service.options());
  const auto back = [&](const std::string& query, const std::string& cookie) {
    const auto answer =
        world.send("GET", "/api/v1/session/provider/back?" + query, "", "x; qipan_session_way=" + cookie);
    std::string location;
    for (const auto& [name, value] : answer.headers)
      if (name == "Location") location = value;
    return location;
  };
  const auto go = world.send("GET", "/api/v1/session/provider?then=/cases");
  ASSERT_EQ(go.status, 303) << go.body;
  std::string way;
  std::string to;
  for (const auto& [name, value] : go.headers) {
    if (name == "Set-Cookie") way = value.substr(18, value.find(';') - 18);
    if (name == "Location") to = value;
  }
  const std::string state = to.substr(to.find("state=") + 6, to.find("&nonce") - to.find("state=") - 6);
  const std::string nonce = to.substr(to.find("nonce=") + 6, to.find("&code_ch") - to.find("nonce=") - 6);
  const std::int64_t now = world.district().clock().now() / microseconds_per_second;
  service.said = service.claims().set("nonce", nonce).set("exp", now + 300).set("iat", now);
  EXPECT_EQ(back("code=c&state=" + state, ""), "/login?problem=provider-answer");
  EXPECT_EQ(back("code=c&state=another", way), "/login?problem=provider-answer");
  EXPECT_EQ(back("error=access_denied&state=" + state, way), "/login?problem=provider-refused");
  EXPECT_EQ(back("code=c&state=" + state, way), "/cases");
  // Administrators of a district that asks them for a second factor: not by a password at another place.
  service.said.set("preferred_username", "admin");
  world.ask_for_second_factor(face::SecondFactor::administrators, service.options());
  EXPECT_EQ(back("code=c&state=" + state, way), "/login?problem=provider-factor");
  service.said.set("amr", Json::array().push("mfa"));
  EXPECT_EQ(back("code=c&state=" + state, way), "/cases");
  world.use_provider(service.options());
  service.said.set("preferred_username", "nobody here");
  EXPECT_EQ(back("code=c&state=" + state, way), "/login?problem=provider-login-unknown");
  // Never to another site.
  for (const char* elsewhere : {"//evil.example", "https://evil.example", "/\\evil.example",
                                "/\t/evil.example", "/ /evil.example", "/\u0433", "evil"}) {
    const auto answer =
        world.send("GET", "/api/v1/session/provider?then=" + face::percent_encoded(elsewhere));
    for (const auto& [name, value] : answer.headers)
      if (name == "Set-Cookie") way = value.substr(18, value.find(';') - 18);
    for (const auto& [name, value] : answer.headers)
      if (name == "Location") to = value;
    service.said =
        service.claims()
            .set("nonce", to.substr(to.find("nonce=") + 6, to.find("&code_ch") - to.find("nonce=") - 6))
            .set("exp", now + 300)
            .set("iat", now);
    EXPECT_EQ(
        back("code=c&state=" + to.substr(to.find("state=") + 6, to.find("&nonce") - to.find("state=") - 6),
             way),
        "/")
        << elsewhere;
  }
  world.use_provider(std::nullopt);
  EXPECT_EQ(test::code_of(world.send("GET", "/api/v1/session/provider")), "provider-unset");
}

TEST(Provider, TheOperatorsFileIsReadWhole) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("qipan-provider-" + std::to_string(::getpid()));
  const auto read = [&](const std::string& text) {
    std::ofstream(path) << text;
    const auto options = face::read_provider(path);
    return options ? options->issuer + " " + options->claim : options.error().line();
  };
  const std::string whole =
      "issuer = \"https://login.example\"\nclient_id = \"q\"\nsite = \"https://q.example/\"\n"
      "title = { zh = \"统一登录\", en = \"House\" }\n";
  EXPECT_NE(read(whole).find("claim"), std::string::npos);
  EXPECT_EQ(read(whole + "claim = \"sub\"\n"), "https://login.example sub");
  EXPECT_NE(read(whole + "claim = \"sub\"\nclame = \"sub\"\n").find("clame"), std::string::npos);
  EXPECT_NE(
      read("issuer = \"http://login.example\"\n" + whole.substr(whole.find("client")) + "claim = \"sub\"\n")
          .find("https://"),
      std::string::npos);
  std::filesystem::remove(path);
}
