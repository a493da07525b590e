#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/title.hpp"
#include "base/web_client.hpp"

namespace qipan::face {

/// The house's login service, as the operator names it.
struct ProviderOptions {
  std::string issuer;
  std::string client_id;
  std::string client_secret;  // empty: a public client, held by PKCE alone
  std::string site;           // this server as browsers reach it, "https://qipan.example"
  std::string claim;          // whose value is the login here: one that its users cannot change
  Title title;
};

/// Logging in by another service: OpenID Connect Core 1.0, the authorization code flow (3.1) with PKCE
/// (RFC 7636), its addresses by OpenID Connect Discovery 1.0. May take as long as the service; any thread,
/// one at a time.
class LoginProvider {
 public:
  explicit LoginProvider(ProviderOptions options) : options_(std::move(options)) {}

  /// What ties an answer to the browser that asked.
  struct Asked {
    std::string state;
    std::string nonce;
    std::string verifier;
  };
  [[nodiscard]] static Asked ask();

  [[nodiscard]] const Title& title() const { return options_.title; }
  /// Where the browser is sent.
  [[nodiscard]] Result<std::string> address(const Asked& asked);
  struct Known {
    std::string login;
    bool several_factors = false;  // amr has "mfa" (RFC 8176)
  };
  /// Who the service says it was, for the code that the browser brought back.
  [[nodiscard]] Result<Known> known_by(const std::string& code, const Asked& asked, Instant now);
  /// Ends what is under way, and lets nothing more begin.
  void interrupt() { client_.interrupt(); }

 private:
  [[nodiscard]] Result<Json> fetch(const std::string& url);
  [[nodiscard]] Result<void> discover();
  [[nodiscard]] Result<Json> verified(const std::string& token, Instant now);
  [[nodiscard]] Result<void> check_claims(const Json& claims, const std::string& nonce, Instant now) const;
  [[nodiscard]] std::string back_address() const { return options_.site + "/api/v1/session/provider/back"; }

  ProviderOptions options_;
  std::mutex mutex_;
  WebClient client_;
  std::optional<Json> found_;  // the service's description of itself
  Json keys_;
  Instant keys_at_ = 0;
};

/// From the operator's file: issuer, client_id, client_secret_file, site, claim, title.
[[nodiscard]] Result<ProviderOptions> read_provider(const std::string& path);

}  // namespace qipan::face
