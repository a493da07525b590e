#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/instant.hpp"

using namespace qipan;

TEST(Instant, ReadsAndWritesWithZone) {
  EXPECT_EQ(format_instant(*parse_instant("2026-03-01T08:00:00+08:00")), "2026-03-01T00:00:00Z");
  EXPECT_EQ(format_instant(*parse_instant("1969-12-31T23:59:59.5Z")), "1969-12-31T23:59:59.500000Z");
  EXPECT_EQ(format_instant(*parse_instant("2026-03-01T00:00:00.123456789Z")), "2026-03-01T00:00:00.123457Z");
  EXPECT_EQ(format_instant(*parse_instant("2026-03-01T00:00:59.9999999+00:00")), "2026-03-01T00:01:00Z");
  EXPECT_EQ(format_instant(*parse_instant("2016-12-31T23:59:60z")), "2017-01-01T00:00:00Z");
  for (const char* text :
       {"2026-03-01", "2026-03-01T08:00:00", "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z",
        "2026-03-01T08:00:00.Z", "2026-03-01T08:00:61Z", "2026-03-01T08:00:00+8:00"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

RC_GTEST_PROP(Instant, RoundTrips, ()) {
  const auto instant = *rc::gen::inRange<Instant>(instant_min, instant_max);
  RC_ASSERT(*parse_instant(format_instant(instant)) == instant);
}

RC_GTEST_PROP(Bytes, TextFormsRoundTrip, (const std::string& bytes)) {
  RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
  RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
  RC_ASSERT(from_base32(to_base32(bytes)) == bytes);
}

TEST(Bytes, OneTextForEachValue) {
  EXPECT_FALSE(from_base64("AB=="));  // bits set behind the end
  EXPECT_FALSE(from_base64("AAA"));
  EXPECT_FALSE(from_base64("A==="));
  EXPECT_FALSE(from_hex("0"));
}

RC_GTEST_PROP(Codec, NumbersRoundTrip,
              (std::uint64_t number, std::int64_t signed_number, const std::string& text)) {
  Encoder encoder;
  encoder.number(number);
  encoder.signed_number(signed_number);
  encoder.text(text);
  Decoder decoder(encoder.bytes());
  RC_ASSERT(decoder.number() == number);
  RC_ASSERT(decoder.signed_number() == signed_number);
  RC_ASSERT(decoder.text(1'000'000) == text);
  RC_ASSERT(decoder.done());
}

TEST(Codec, RefusesNeedlessBytes) {
  Decoder decoder(std::string_view("\x80\x00", 2));
  decoder.number();
  EXPECT_FALSE(decoder.ok());
}

// FIPS 180-4 and RFC 8032 examples.
TEST(Crypto, KnownAnswers) {
  EXPECT_EQ(to_hex(view_of(sha256("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("a", "b", "c"), sha256("abc"));
  EXPECT_EQ(sha256(std::string(300, 'x'), "y"), sha256(std::string(300, 'x') + "y"));
  const auto seed = *from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  EXPECT_EQ(to_hex(ed25519_public_key(seed)),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto signature = ed25519_sign(seed, "");
  EXPECT_TRUE(ed25519_verify(ed25519_public_key(seed), "", signature));
  EXPECT_FALSE(ed25519_verify(ed25519_public_key(seed), "x", signature));
}

TEST(Crypto, SealBindsToItsPlace) {
  const auto key = random_bytes(32);
  const auto sealed = seal(key, "13800000000", "a");
  EXPECT_EQ(unseal(key, sealed, "a"), "13800000000");
  EXPECT_FALSE(unseal(key, sealed, "b"));
  EXPECT_FALSE(unseal(random_bytes(32), sealed, "a"));
}
