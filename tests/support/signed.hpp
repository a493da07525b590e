#pragma once

#include <cjose/cjose.h>

#include <string>

#include "base/assert.hpp"
#include "base/json.hpp"

namespace qipan::test {

/// A key as login services have them, and tokens that it signs.
class SigningKey {
 public:
  explicit SigningKey(const std::string& name, bool elliptic = false) : elliptic_(elliptic) {
    cjose_err error{};
    key_ = elliptic ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)
                    : cjose_jwk_create_RSA_random(2048, nullptr, 0, &error);
    QIPAN_ASSERT(key_ != nullptr && cjose_jwk_set_kid(key_, name.data(), name.size(), &error));
  }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey() { cjose_jwk_release(key_); }

  /// As it stands in a list of keys.
  [[nodiscard]] Json open() const {
    cjose_err error{};
    char* text = cjose_jwk_to_json(key_, false, &error);
    Json json = *parse_json(text);
    free(text);
    return json;
  }
  [[nodiscard]] std::string sign(const std::string& said) const {
    cjose_err error{};
    cjose_header_t* header = cjose_header_new(&error);
    const char* name = cjose_jwk_get_kid(key_, &error);
    QIPAN_ASSERT(cjose_header_set(header, CJOSE_HDR_ALG, elliptic_ ? "ES256" : "RS256", &error) &&
                 cjose_header_set(header, CJOSE_HDR_KID, name, &error));
    cjose_jws_t* token =
        cjose_jws_sign(key_, header, reinterpret_cast<const std::uint8_t*>(said.data()), said.size(), &error);
    const char* text = nullptr;
    QIPAN_ASSERT(token != nullptr && cjose_jws_export(token, &text, &error));
    std::string made = text;
    cjose_jws_release(token);
    cjose_header_release(header);
    return made;
  }

 private:
  bool elliptic_;
  cjose_jwk_t* key_;
};

}  // namespace qipan::test
