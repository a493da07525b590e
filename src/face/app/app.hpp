#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "board/district.hpp"
#include "board/pages.hpp"
#include "board/writer.hpp"
#include "cases/catalogue.hpp"
#include "face/app/basemap.hpp"
#include "face/app/guards.hpp"
#include "face/app/login_provider.hpp"
#include "face/http/server.hpp"
#include "geo/vector_tiles.hpp"
#include "search/synonyms.hpp"

namespace boost::asio {
class thread_pool;
}

namespace qipan::face {

/// Who must have a second factor before they do anything else.
enum class SecondFactor { nobody, administrators, everybody };

struct AppOptions {
  std::string web_folder;  // the built pages; empty: the API alone
  bool secure_cookies = false;
  SecondFactor second_factor = SecondFactor::nobody;
  /// A session that nobody did anything with for so long asks for its password again; 0: never.
  std::int64_t idle_seconds = 0;
  std::optional<ProviderOptions> provider;  // the house's login service, if it has one
  /// Of every account of a demonstration, told at its login page to whoever opens it; empty: it is none.
  std::string demonstration_password;
  std::string map_server = "https://t0.tianditu.gov.cn";
  std::string map_key;  // empty: no base map
  /// The district's own picture under all maps; empty: they show its outlines alone.
  std::shared_ptr<const geo::VectorTiles> picture;
  std::string scanner;  // socket of clamd, which uploads are shown to; empty: none
  /// Where each request is told as one line of JSON; nothing secret is in it. Empty: nowhere.
  std::function<void(const std::string&)> log;
  /// Anonymous reports, photo uploads and logins a client may send; benchmarks lift it.
  RateLimiter::Rule anonymous = {12, 12};
  RateLimiter::Rule login = {10, 10};
  RateLimiter::Rule codes = {5, 0.1};      // of a second factor, for who knows the password already
  RateLimiter::Rule unknown = {240, 240};  // commands of who is not known, most of which are refused
  RateLimiter::Rule uploads = {120, 60};   // photos of who is known, by person or key
};

/// Who asks.
struct Caller {
  std::string actor = "anonymous";
  std::string address;
  std::string session;  // the cookie, where there is one
  /// Why nothing but the way out is open (`session-locked`, `password-to-change`, `second-factor-missing`).
  std::string limited;
};

/// What readers keep of the configuration: the same objects for all until it changes.
struct Snapshot {
  std::uint64_t generation = 0;
  board::Directory directory;
  std::shared_ptr<const cases::Catalogue> catalogue;
  std::shared_ptr<const std::vector<query::Collection>> collections;  // of all engines, by name
  std::shared_ptr<const search::Synonyms> synonyms;                   // of all packs in force
  std::shared_ptr<const board::ShownInForce> shown;                   // by all packs in force
};

struct Route;
class RouteTable;
class Imports;
class Search;
class Spool;

/// The application's HTTP API and pages. It translates: commands go to the writer, reads to a snapshot of the
/// database.
class App {
 public:
  App(board::District& district, board::Writer& writer, expr::ModelLoader loader, AppOptions options);
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();

  void handle(Request request, const Respond& respond);
  void watch(const Server& server) { server_ = &server; }
  /// From here on what is written is made findable as it comes, and not when somebody looks for it.
  void keep_searchable();
  /// Ends what runs on the pool; after the server stopped, before writer or server go.
  void finish();

  // For the routes.
  [[nodiscard]] board::District& district() { return district_; }
  [[nodiscard]] const RouteTable& table() const { return *table_; }
  [[nodiscard]] const board::ContentStore& content() const { return district_.content(); }
  [[nodiscard]] board::Writer& writer() { return writer_; }
  [[nodiscard]] const expr::ModelLoader& loader() const { return loader_; }
  [[nodiscard]] Sessions& sessions() { return sessions_; }
  [[nodiscard]] TakenCodes& taken_codes() { return taken_codes_; }
  [[nodiscard]] RateLimiter& limiter() { return limiter_; }
  [[nodiscard]] StreamCounter& streams() { return streams_; }
  [[nodiscard]] Basemap& basemap() { return basemap_; }
  [[nodiscard]] Search& search() { return *search_; }
  [[nodiscard]] Spool& spool() { return *spool_; }
  [[nodiscard]] Imports& imports() { return *imports_; }
  /// Null where the house has no login service.
  [[nodiscard]] LoginProvider* provider() { return provider_.get(); }
  [[nodiscard]] const AppOptions& options() const { return options_; }
  /// The prefix holds browsers to TLS, this host and the whole site (RFC 6265bis, 4.1.3.2).
  [[nodiscard]] std::string_view session_cookie() const {
    return options_.secure_cookies ? "__Host-qipan_session" : "qipan_session";
  }
  [[nodiscard]] Position position() const { return writer_.position(); }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot(Database& reader);
  /// The newest that is known without asking the database; made where there is none yet.
  [[nodiscard]] std::shared_ptr<const Snapshot> recent_snapshot();
  /// After a change of who may what: the next request sees it, also one that only commands.
  void forget_snapshot();
  /// What seals the places of pages.
  [[nodiscard]] const Bytes& cursor_key() const { return cursor_key_; }
  [[nodiscard]] std::string metrics();
  [[nodiscard]] bool asks_second_factor(const board::Directory& directory, PersonId person) const;
  /// What keeps a session from doing anything yet; empty: nothing.
  [[nodiscard]] std::string limit_of(std::string_view cookie, const Sessions::Session& session,
                                     const board::Directory& directory);
  /// Sends a command and answers with what it said; `make` turns the answer into a response.
  void submit(board::Command command, const Respond& respond,
              std::function<Response(const board::Accepted&)> make);

 private:
  void read(Request request, const Caller& caller, const Respond& respond);
  [[nodiscard]] Response answer(const Route& route, const Request& request, const Caller& caller,
                                std::vector<std::string> parts);
  [[nodiscard]] bool begins_spooling(const std::string& caller);
  void ends_spooling(const std::string& caller);
  /// False where no route takes it.
  [[nodiscard]] bool command(Request& request, const Caller& caller, const Respond& respond);
  [[nodiscard]] Result<Caller> caller_of(Database* reader, const Request& request);
  [[nodiscard]] static Result<void> act_for(const board::Directory& directory, PersonId person,
                                            std::string_view said, Caller& caller);

  board::District& district_;
  std::unique_ptr<const RouteTable> table_;
  board::Writer& writer_;
  expr::ModelLoader loader_;
  AppOptions options_;
  Sessions sessions_;
  TakenCodes taken_codes_;
  Bytes cursor_key_;
  RateLimiter limiter_;
  StreamCounter streams_;
  Basemap basemap_;
  std::unique_ptr<LoginProvider> provider_;
  std::unique_ptr<Search> search_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Imports> imports_;
  std::atomic<std::uint64_t> answered_[6] = {};
  const Server* server_ = nullptr;
  std::mutex spooling_mutex_;
  std::map<std::string, int> spooling_for_;  // files that wait or are written, by who asked
  std::mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  bool snapshot_old_ = false;
  std::unique_ptr<boost::asio::thread_pool> pool_;
  std::unique_ptr<boost::asio::thread_pool>
      trials_;  // rules that people try out, so that they hold up nobody else
  std::unique_ptr<boost::asio::thread_pool> outside_;   // waits for other servers, so that nobody else does
  std::unique_ptr<boost::asio::thread_pool> spooling_;  // writes files for who asked for everything
};

[[nodiscard]] Response problem_response(const Problem& problem);
[[nodiscard]] Response json_response(const Json& json, int status = 200);
/// Body as a JSON object.
[[nodiscard]] Result<Json> json_body(const Request& request);
/// The part of the path after a prefix, as a positive number.
[[nodiscard]] std::optional<std::int64_t> number_of(std::string_view text);

}  // namespace qipan::face
