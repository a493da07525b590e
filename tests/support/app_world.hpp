#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <mutex>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "board/pack_engine.hpp"
#include "cmd/engines.hpp"
#include "cmd/seeds.hpp"
#include "face/app/app.hpp"
#include "face/app/routes.hpp"

namespace qipan::test {

using face::App;
using face::AppOptions;
using face::Request;
using face::Response;

/// A district with the app API in front of it, in process: made once a test program, as it takes a second.
class World {
 public:
  static World& get() {
    static World world;
    return world;
  }

  Response send(const std::string& method, const std::string& target, const std::string& body = "",
                const std::string& cookie = "", const std::string& csrf = "", const std::string& key = "",
                const std::string& bearer = "", const std::string& position = "",
                const std::string& mandate = "") {
    Request request;
    request.method = method;
    EXPECT_TRUE(face::parse_target(target, request));
    request.body = body;
    request.remote = "192.0.2." + std::to_string(++address_ % 250);
    request.headers["content-type"] = "application/json";
    if (!cookie.empty()) request.headers["cookie"] = "other=1; qipan_session=" + cookie;
    if (!csrf.empty()) request.headers["x-csrf-token"] = csrf;
    if (!key.empty()) request.headers["idempotency-key"] = key;
    if (!mandate.empty()) request.headers["qipan-mandate"] = mandate;
    if (!position.empty()) request.headers["qipan-min-position"] = position;
    if (!bearer.empty()) request.headers["authorization"] = "Bearer " + bearer;
    std::promise<Response> promise;
    const std::string path = request.path;
    app_->handle(std::move(request), [&](Response response) { promise.set_value(std::move(response)); });
    Response response = promise.get_future().get();
    if (response.file) response.body = response.file->read(0, response.file->size());
    record(method, path, body, response);
    return response;
  }

  /// Until the search knows all that was written: on a slow machine one question does not take all of it in.
  void search_whole(const std::string& cookie) {
    for (int tries = 0; tries < 1'000; ++tries) {
      const Response answer = send("GET", "/api/v1/search?q=nothinglikeit", "", cookie);
      if (answer.body.find("\"whole\":true") != std::string::npos) return;
    }
    ADD_FAILURE() << "the search never knows all";
  }

  struct Login {
    std::string cookie;
    std::string csrf;
  };
  Login log_in(const std::string& name) {
    const Response response =
        send("POST", "/api/v1/session", R"({"login":")" + name + R"(","password":"a good password"})");
    EXPECT_EQ(response.status, 200) << response.body;
    Login login;
    for (const auto& [header, value] : response.headers) {
      if (header == "Set-Cookie") login.cookie = value.substr(14, value.find(';') - 14);
    }
    login.csrf = parse_json(response.body)->text_or("csrf", "");
    return login;
  }

  std::int64_t report(const std::string& description) {
    const Response response = send(
        "POST", "/api/v1/reports",
        R"({"type":"grid_event","x":1131050000,"y":225050000,"class":"S0102","fields":{"description":")" +
            description + R"(","reporter_telephone":"13800001111"}})");
    EXPECT_EQ(response.status, 201) << response.body;
    return parse_json(response.body)->integer_or("case", 0);
  }

  /// One line of JSON a request, for tools/traffic_check.py.
  std::string traffic;
  [[nodiscard]] Json description() const { return app_->table().openapi(); }

  board::District& district() { return *district_; }
  board::Writer& writer() { return *writer_; }
  App& app() { return *app_; }

  /// As the operator would by starting the server anew.
  void ask_for_second_factor(face::SecondFactor who,
                             std::optional<face::ProviderOptions> provider = std::nullopt) {
    AppOptions options = app_options();
    options.second_factor = who;
    options.provider = std::move(provider);
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), options);
  }

  /// A demonstration whose accounts have that password; empty: none.
  void demonstrate(const std::string& password) {
    AppOptions options = app_options();
    options.demonstration_password = password;
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), options);
  }

  /// Built pages from a folder; empty: the API alone.
  void serve_pages(const std::string& folder) {
    AppOptions options = app_options();
    options.web_folder = folder;
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), options);
  }

  /// Under all maps; null: outlines alone.
  void draw(std::shared_ptr<const geo::VectorTiles> picture) {
    AppOptions options = app_options();
    options.picture = std::move(picture);
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), options);
  }

  void use_provider(std::optional<face::ProviderOptions> provider) {
    AppOptions options = app_options();
    options.provider = std::move(provider);
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), options);
  }

  /// Lines of the request log so far.
  std::string logged;

 private:
  AppOptions app_options() {
    AppOptions options;
    options.anonymous = {5, 1};
    options.login = {1'000, 1'000};
    options.log = [this](const std::string& line) {
      const std::lock_guard lock(log_mutex_);
      logged += line + "\n";
    };
    return options;
  }
  void record(const std::string& method, const std::string& path, const std::string& body,
              const Response& response) {
    std::string type;
    for (const auto& [name, value] : response.headers)
      if (name == "Content-Type") type = value;
    Json one = Json::object();
    one.set("method", method).set("path", path).set("status", response.status).set("type", type);
    const bool text = type.find("json") != std::string::npos;
    one.set("request", text && is_utf8(body) ? body : "").set("response", text ? response.body : "");
    traffic += one.dump() + "\n";
  }

  std::mutex log_mutex_;

 public:
  /// One with engines of its own, beside the common one.
  explicit World(const std::string& called = "app", const board::EngineFactory& engines = cmd::make_engines)
      : folder_(std::filesystem::temp_directory_path() /
                ("qipan-" + called + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    district_ = *board::District::create(folder_, {"qipan.example/app", {"甲", "A"}}, engines);
    pack::Problems problems;
    for (const std::string name : {"base", "grid-events", "jianghai", "sensing", "air-quality", "enterprises",
                                   "jianghai-enterprises"}) {
      const auto pack = pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems);
      EXPECT_TRUE(board::install_packs(district_->board(), {&*pack, 1}));
      const std::string hash = name.starts_with("jianghai") ? password_hash("a good password") : "";
      Database& database = district_->board().database();
      const auto enter = [&](std::vector<board::Command> seeds) {
        district_->board().decide(seeds,
                                  [](std::size_t, const board::Outcome& outcome) { EXPECT_TRUE(outcome); });
      };
      enter(cmd::seed_commands(*pack, registers::load_registers(database), hash, problems));
      enter(cmd::mandate_commands(*pack, database, problems));
    }
    writer_ = std::make_unique<board::Writer>(district_->board());
    app_ = std::make_unique<App>(*district_, *writer_, cmd::model_loader(), app_options());
  }
  ~World() {
    app_.reset();
    writer_.reset();
    district_.reset();
    std::filesystem::remove_all(folder_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<board::District> district_;
  std::unique_ptr<App> app_;
  std::unique_ptr<board::Writer> writer_;
  int address_ = 0;
};

/// The bytes behind what authenticators take (RFC 4648).
inline std::optional<Bytes> from_authenticator(std::string_view text) {
  Bytes bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = (held << 5U | static_cast<unsigned>(digit)) & 0xFFFU;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFFU);
  }
  return bytes;
}

inline std::string code_of(const Response& response) {
  return parse_json(response.body)->text_or("code", "");
}

}  // namespace qipan::test
