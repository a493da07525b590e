#include "base/crypto.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <memory>
#include <new>

#include "base/assert.hpp"

namespace qipan {

namespace {

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* data_of(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  QIPAN_ASSERT(started);
}

}  // namespace

Hash sha256(std::string_view bytes) {
  return sha256(bytes, {});
}

Hash sha256(std::string_view first, std::string_view second, std::string_view third) {
  // SHA256() looks the algorithm up anew for every hash, which takes longer than to hash a tree node.
  thread_local const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  Hash hash{};
  unsigned int size = 0;
  bool done = EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1;
  for (const std::string_view part : {first, second, third})
    done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  done = done && EVP_DigestFinal_ex(context.get(), hash.data(), &size) == 1;
  QIPAN_ASSERT(done && size == hash.size());
  return hash;
}

Hash hmac_sha256(std::string_view key, std::string_view message) {
  Hash hash{};
  unsigned int size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data_of(message),
                          message.size(), hash.data(), &size);
  QIPAN_ASSERT(made != nullptr && size == hash.size());
  return hash;
}

Bytes random_bytes(std::size_t count) {
  start_sodium();
  Bytes bytes(count, '\0');
  randombytes_buf(bytes.data(), count);
  return bytes;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

Bytes ed25519_public_key(std::string_view seed) {
  start_sodium();
  QIPAN_ASSERT(seed.size() == crypto_sign_SEEDBYTES);
  Bytes public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(data_of(public_key), secret.data(), data_of(seed));
  sodium_memzero(secret.data(), secret.size());
  return public_key;
}

Bytes ed25519_sign(std::string_view seed, std::string_view message) {
  start_sodium();
  QIPAN_ASSERT(seed.size() == crypto_sign_SEEDBYTES);
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(public_key.data(), secret.data(), data_of(seed));
  Bytes signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(data_of(signature), nullptr, data_of(message), message.size(), secret.data());
  sodium_memzero(secret.data(), secret.size());
  return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  start_sodium();
  return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(data_of(signature), data_of(message), message.size(),
                                     data_of(public_key)) == 0;
}

Bytes seal(std::string_view key, std::string_view plain, std::string_view bound_to) {
  start_sodium();
  QIPAN_ASSERT(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const Bytes nonce = random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  Bytes sealed(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(data_of(sealed), &size, data_of(plain), plain.size(),
                                             data_of(bound_to), bound_to.size(), nullptr, data_of(nonce),
                                             data_of(key));
  return nonce + sealed;
}

std::optional<Bytes> unseal(std::string_view key, std::string_view sealed, std::string_view bound_to) {
  start_sodium();
  constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (key.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES || sealed.size() < nonce_bytes + tag_bytes) {
    return std::nullopt;
  }
  const std::string_view nonce = sealed.substr(0, nonce_bytes);
  const std::string_view cipher = sealed.substr(nonce_bytes);
  Bytes plain(cipher.size() - tag_bytes, '\0');
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(data_of(plain), &size, nullptr, data_of(cipher),
                                                 cipher.size(), data_of(bound_to), bound_to.size(),
                                                 data_of(nonce), data_of(key)) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string password_hash(std::string_view password) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return text.data();
}

bool password_matches(const std::string& hash, std::string_view password) {
  start_sodium();
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  std::array<char, crypto_pwhash_STRBYTES> text{};
  std::copy(hash.begin(), hash.end(), text.begin());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace qipan
