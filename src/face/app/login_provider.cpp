#include "face/app/login_provider.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/signed_token.hpp"
#include "face/http/message.hpp"
#include "pack/document.hpp"

namespace qipan::face {

namespace {

constexpr std::size_t answer_bytes_max = 256U << 10U;
constexpr std::int64_t leeway_seconds = 60;
/// A key that is not known makes the keys be read again, and not at each forged token.
constexpr std::int64_t keys_again_seconds = 60;

tl::unexpected<Problem> unavailable(const std::string& what) {
  return refuse({Problem::Kind::unavailable, "provider-unavailable", "", shortened(what),
                 "a login service that answers", "try again, or log in with a password"});
}

tl::unexpected<Problem> not_believed(const std::string& what) {
  return refuse({Problem::Kind::unauthenticated, "provider-answer", "", shortened(what),
                 "an answer of the login service to this browser", "log in again"});
}

/// TLS, but for a service on this machine.
bool is_safe(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://127.0.0.1:") ||
         url.starts_with("http://localhost:");
}

std::string url_base64(std::string_view bytes) {
  std::string text = to_base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

/// "name=value&…" (application/x-www-form-urlencoded).
std::string form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += (text.empty() ? "" : "&") + std::string(name) + "=" + percent_encoded(value);
  return text;
}

}  // namespace

LoginProvider::Asked LoginProvider::ask() {
  return {url_base64(random_bytes(16)), url_base64(random_bytes(16)), url_base64(random_bytes(32))};
}

Result<Json> LoginProvider::fetch(const std::string& url) {
  if (!is_safe(url)) return unavailable("an address without TLS");
  const WebAnswer answer = client_.get(url, answer_bytes_max);
  if (answer.status != 200)
    return unavailable(answer.status == 0 ? answer.failure : "status " + std::to_string(answer.status));
  auto json = parse_json(answer.body);
  if (!json || !json->is_object()) return unavailable("no JSON");
  return std::move(*json);
}

Result<void> LoginProvider::discover() {
  if (found_) return {};
  std::string issuer = options_.issuer;
  while (issuer.ends_with('/')) issuer.pop_back();
  QIPAN_TRY(found, fetch(issuer + "/.well-known/openid-configuration"));
  // Discovery 4.3: exactly the one that was asked.
  if (found.text_or("issuer", "") != options_.issuer) return unavailable("another issuer");
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri"})
    if (!is_safe(found.text_or(name, ""))) return unavailable(std::string("no ") + name);
  found_ = std::move(found);
  return {};
}

Result<std::string> LoginProvider::address(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  QIPAN_CHECK(discover());
  const std::string endpoint = (*found_)["authorization_endpoint"].text();
  const Hash challenge = sha256(asked.verifier);
  return endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
         form_of({{"response_type", "code"},
                  {"client_id", options_.client_id},
                  {"redirect_uri", back_address()},
                  {"scope", "openid profile"},
                  {"state", asked.state},
                  {"nonce", asked.nonce},
                  {"code_challenge", url_base64(view_of(challenge))},
                  {"code_challenge_method", "S256"}});
}

Result<Json> LoginProvider::verified(const std::string& token, Instant now) {
  auto claims = claims_of(token, keys_);
  const bool old = now - keys_at_ > keys_again_seconds * microseconds_per_second;
  if (claims || claims.error().code != "token-key-unknown" || !old) return claims;
  QIPAN_TRY(keys, fetch((*found_)["jwks_uri"].text()));
  keys_ = std::move(keys);
  keys_at_ = now;
  return claims_of(token, keys_);
}

/// Core 3.1.3.7.
Result<void> LoginProvider::check_claims(const Json& claims, const std::string& nonce, Instant now) const {
  const std::int64_t seconds = now / microseconds_per_second;
  const Json& audience = claims["aud"];
  const bool several = audience.is_array() && audience.items().size() > 1;
  const bool own = !audience.is_array()
                       ? audience == Json(options_.client_id)
                       : std::any_of(audience.items().begin(), audience.items().end(), [&](const Json& one) {
                           return one.is_text() && one.text() == options_.client_id;
                         });
  if (claims.text_or("iss", "") != options_.issuer) return not_believed("iss");
  if (!own) return not_believed("aud");
  if ((several || claims.has("azp")) && claims.text_or("azp", "") != options_.client_id)
    return not_believed("azp");
  if (claims.integer_or("exp", 0) < seconds - leeway_seconds) return not_believed("exp");
  if (claims.integer_or("iat", 0) > seconds + leeway_seconds) return not_believed("iat");
  if (!equal_in_constant_time(claims.text_or("nonce", ""), nonce)) return not_believed("nonce");
  return {};
}

Result<LoginProvider::Known> LoginProvider::known_by(const std::string& code, const Asked& asked,
                                                     Instant now) {
  const std::lock_guard lock(mutex_);
  QIPAN_CHECK(discover());
  std::vector<std::string> headers = {"Content-Type: application/x-www-form-urlencoded",
                                      "Accept: application/json"};
  std::string form = form_of({{"grant_type", "authorization_code"},
                              {"code", code},
                              {"redirect_uri", back_address()},
                              {"code_verifier", asked.verifier}});
  if (options_.client_secret.empty()) {
    form += "&" + form_of({{"client_id", options_.client_id}});
  } else {
    // RFC 6749, 2.3.1: each part form-encoded before they are put together.
    headers.push_back("Authorization: Basic " + to_base64(percent_encoded(options_.client_id) + ":" +
                                                          percent_encoded(options_.client_secret)));
  }
  const std::string endpoint = (*found_)["token_endpoint"].text();
  const WebAnswer answer = client_.post(endpoint, form, headers);
  if (answer.status == 0 || answer.status >= 500) return unavailable(answer.failure);
  const auto json = parse_json(answer.body);
  if (answer.status != 200 || !json || !json->is_object()) return not_believed("code");
  QIPAN_TRY(claims, verified(json->text_or("id_token", ""), now));
  QIPAN_CHECK(check_claims(claims, asked.nonce, now));
  Known known{claims.text_or(options_.claim, "")};
  if (known.login.empty()) return not_believed(options_.claim);
  const Json& methods = claims["amr"];
  known.several_factors =
      methods.is_array() && std::any_of(methods.items().begin(), methods.items().end(),
                                        [](const Json& one) { return one == Json("mfa"); });
  return known;
}

namespace {

ProviderOptions read_members(const pack::Node& document, const std::string& path, std::string& secret_file,
                             pack::Problems& problems) {
  pack::Fields fields(document, path, problems);
  ProviderOptions options;
  options.issuer = fields.text("issuer");
  options.client_id = fields.text("client_id");
  options.site = fields.text("site");
  options.title = fields.title("title");
  options.claim = fields.text("claim");
  secret_file = fields.text("client_secret_file", false);
  for (const auto& [name, value] : {std::pair("issuer", &options.issuer), std::pair("site", &options.site)})
    if (!value->empty() && !is_safe(*value))
      fields.fault(name, *value, "an address with https://, or with http:// on this machine");
  while (options.site.ends_with('/')) options.site.pop_back();
  return options;
}

}  // namespace

Result<ProviderOptions> read_provider(const std::string& path) {
  QIPAN_TRY(text, read_file(path, 64U << 10U));
  QIPAN_TRY(document, pack::parse_toml(path, text));
  pack::Problems problems;
  std::string secret_file;
  ProviderOptions options = read_members(document, path, secret_file, problems);
  if (!problems.empty()) return refuse(problems.front());
  if (secret_file.empty()) return options;
  QIPAN_TRY(secret, read_file(secret_file, 4'096));
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  options.client_secret = std::move(secret);
  return options;
}

}  // namespace qipan::face
