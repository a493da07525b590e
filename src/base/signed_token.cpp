#include "base/signed_token.hpp"

#include <cjose/cjose.h>

#include <memory>

namespace qipan {

namespace {

constexpr std::size_t token_bytes_max = 64U << 10U;

struct Release {
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
using Token = std::unique_ptr<cjose_jws_t, Release>;
using Key = std::unique_ptr<cjose_jwk_t, Release>;

tl::unexpected<Problem> unreadable() {
  return refuse({Problem::Kind::unauthenticated, "token-unreadable", "", "",
                 "a token signed by RS256, PS256 or ES256", "look at the settings of the login service"});
}

std::string header_of(cjose_jws_t* token, const char* name) {
  cjose_err error{};
  const char* value = cjose_header_get(cjose_jws_get_protected(token), name, &error);
  return value == nullptr ? "" : value;
}

/// A key that signs, of the kind that the algorithm asks for.
bool fits(const Json& key, const std::string& algorithm, const std::string& name) {
  if (!key.is_object()) return false;
  const bool kind = key.text_or("kty", "") == (algorithm == "ES256" ? "EC" : "RSA");
  const bool use = key.text_or("use", "sig") == "sig" && key.text_or("alg", algorithm) == algorithm;
  return kind && use && (name.empty() || key.text_or("kid", "") == name);
}

bool signed_by(cjose_jws_t* token, const Json& key) {
  cjose_err error{};
  const std::string text = key.dump();
  const Key read(cjose_jwk_import(text.data(), text.size(), &error));
  return read && cjose_jws_verify(token, read.get(), &error);
}

}  // namespace

Result<Json> claims_of(std::string_view token, const Json& keys) {
  if (token.empty() || token.size() > token_bytes_max) return unreadable();
  cjose_err error{};
  const Token read(cjose_jws_import(token.data(), token.size(), &error));
  if (!read) return unreadable();
  const std::string algorithm = header_of(read.get(), CJOSE_HDR_ALG);
  // "none", and algorithms by which a public key would be a shared secret, are refused here.
  if (algorithm != "RS256" && algorithm != "PS256" && algorithm != "ES256") return unreadable();
  const std::string name = header_of(read.get(), CJOSE_HDR_KID);
  bool known = false;
  static const Json none = Json::array();
  const Json* list = keys.find("keys");
  for (const Json& key : (list != nullptr && list->is_array() ? *list : none).items()) {
    if (!fits(key, algorithm, name)) continue;
    known = true;
    if (!signed_by(read.get(), key)) continue;
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (!cjose_jws_get_plaintext(read.get(), &bytes, &size, &error)) return unreadable();
    QIPAN_TRY(claims, parse_json(std::string_view(reinterpret_cast<const char*>(bytes), size)));
    if (!claims.is_object()) return unreadable();
    return claims;
  }
  if (!known)
    return refuse({Problem::Kind::unauthenticated, "token-key-unknown", "", "",
                   "a token signed by a key of the login service", "try again in a minute"});
  return refuse({Problem::Kind::unauthenticated, "token-forged", "", "",
                 "a token signed by the login service", "log in again"});
}

}  // namespace qipan
