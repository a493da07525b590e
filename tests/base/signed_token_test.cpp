// Tokens of login services: believed where a known key signed them, and nothing else.
#include "base/signed_token.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "support/signed.hpp"

using namespace qipan;
using test::SigningKey;

namespace {

Json keys(std::initializer_list<const SigningKey*> list) {
  Json all = Json::array();
  for (const SigningKey* key : list) all.push(key->open());
  return Json::object().set("keys", std::move(all));
}

std::string code(const Result<Json>& result) {
  return result ? result->dump() : result.error().code;
}

}  // namespace

TEST(SignedToken, IsBelievedWhereAKnownKeySignedIt) {
  const SigningKey first("first");
  const SigningKey second("second", true);
  const std::string said = R"({"sub":"7","n":1})";
  const Json both = keys({&first, &second});
  EXPECT_EQ(code(claims_of(first.sign(said), both)), said);
  EXPECT_EQ(code(claims_of(second.sign(said), both)), said);
  EXPECT_EQ(code(claims_of(first.sign(said), keys({&second}))), "token-key-unknown");
  const SigningKey another("first");
  EXPECT_EQ(code(claims_of(another.sign(said), both)), "token-forged") << "by its name alone";
  EXPECT_EQ(code(claims_of(first.sign("[]"), both)), "token-unreadable");
  Json encrypts = first.open();
  encrypts.set("use", "enc");
  EXPECT_EQ(code(claims_of(first.sign(said), Json::object().set("keys", Json::array().push(encrypts)))),
            "token-key-unknown");
}

TEST(SignedToken, ChangedOrUnsignedItIsNot) {
  const SigningKey key("k");
  const Json known = keys({&key});
  const std::string token = key.sign(R"({"sub":"7"})");
  const std::string header = token.substr(0, token.find('.'));
  const std::string signature = token.substr(token.rfind('.'));
  // {"sub":"8"}
  EXPECT_EQ(code(claims_of(header + ".eyJzdWIiOiI4In0" + signature, known)), "token-forged");
  // {"alg":"none"}, and {"alg":"HS256"} by which a public key would be the secret.
  for (const char* other :
       {"eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.AAAA"})
    EXPECT_EQ(code(claims_of(other, known)), "token-unreadable");
  for (const std::string& cut :
       {std::string(), std::string("x"), std::string(".."), header, header + "..", std::string(100'000, 'a')})
    EXPECT_FALSE(claims_of(cut, known)) << cut.substr(0, 40);
  // The last character has bits that stand for nothing.
  for (std::size_t i = 0; i + 1 < token.size(); i += 7) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(claims_of(changed, known)) << i;
  }
  EXPECT_FALSE(claims_of(token, Json::object()));
}
