#include "log/log.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "log/receipt.hpp"

using namespace qipan;
using namespace qipan::log;

namespace {

Batch batch_at(Position first, int commands, int facts) {
  Batch batch{first, {}};
  for (int c = 0; c < commands; ++c) {
    CommandRecord command;
    command.at = 1'000 + static_cast<Instant>(first) + c;
    if (c % 2 == 0) command.occurred = command.at - 5;
    command.actor = "person:7";
    command.kind = "case.create";
    command.key = c % 3 == 0 ? "k" + std::to_string(c) : "";
    command.digest = command.key.empty() ? "" : Bytes(view_of(sha256("request")));
    if (c % 2 == 1) command.cause = first;
    command.answer = "{}";
    for (int f = 0; f < facts; ++f)
      command.facts.push_back({"case.created", "case:" + std::to_string(c), "{\"a\":1}", {}});
    batch.commands.push_back(std::move(command));
  }
  return batch;
}

struct Store {
  Database database{":memory:"};
  SigningKey key{"qipan.example/test", Bytes(32, '\x07')};
  Store() { Log::create_tables(database); }
};

}  // namespace

TEST(Batch, RoundTrips) {
  auto batch = batch_at(42, 5, 3);
  batch.commands[1].facts[0].removed_body = sha256("gone");
  batch.commands[1].facts[0].body.clear();
  const auto read = decode_batch(encode(batch));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, batch);
}

RC_GTEST_PROP(Batch, AnyChangedByteIsAFaultOrOtherLeaves, ()) {
  const auto batch = batch_at(9, 3, 2);
  Bytes bytes = encode(batch);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  const auto flip = *rc::gen::inRange(1, 256);
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ static_cast<unsigned>(flip));
  const auto read = decode_batch(bytes);
  const bool found = !read || leaves_of(*read) != leaves_of(batch);  // the macro would read both sides
  RC_ASSERT(found);
}

TEST(Log, AppendsOnlyWhereExpected) {
  Store store;
  Log log(store.database);
  EXPECT_EQ(log.append(batch_at(0, 2, 2), 0), Append::stored);
  EXPECT_EQ(log.append(batch_at(0, 2, 2), 0), Append::lost);
  EXPECT_EQ(log.append(batch_at(4, 1, 1), 4), Append::stored);
  EXPECT_EQ(log.next(), 5U);
  EXPECT_EQ(Log::size(store.database), 5U);
  EXPECT_EQ(Log::find(store.database, 3)->fact.subject, "case:1");
  EXPECT_FALSE(Log::find(store.database, 5));
}

TEST(Log, CheckFindsAChangedByteAnywhere) {
  Store store;
  Log log(store.database);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(log.append(batch_at(log.next(), 3, 4), log.next()), Append::stored);
  const auto good = Log::check(store.database, "o", [](Position) {});
  ASSERT_TRUE(good) << good.error().line();
  EXPECT_EQ(good->root, log.root());
  store.database.execute(
      "UPDATE log_batches SET bytes=CAST(substr(bytes,1,100)||'x'||substr(bytes,102) AS BLOB) WHERE "
      "first=24");
  EXPECT_FALSE(Log::check(store.database, "o", [](Position) {}));
}

TEST(Log, CheckFindsAChangedTileAndAMissingTail) {
  Store store;
  Log log(store.database);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(log.append(batch_at(log.next(), 3, 4), log.next()), Append::stored);
  store.database.execute(
      "SAVEPOINT s; UPDATE log_tiles SET hashes=CAST(substr(hashes,1,32)||zeroblob(32)||substr(hashes,65) AS "
      "BLOB)");
  EXPECT_FALSE(Log::check(store.database, "o", [](Position) {}));
  store.database.execute(
      "ROLLBACK TO s; DELETE FROM log_batches WHERE first=(SELECT max(first) FROM log_batches)");
  EXPECT_FALSE(Log::check(store.database, "o", [](Position) {}));
}

TEST(Checkpoint, SignsAndRefuses) {
  const SigningKey key{"qipan.example/a", Bytes(32, '\x01')};
  const Checkpoint checkpoint{"qipan.example/a", 12, sha256("r")};
  const auto note = sign(checkpoint, key);
  const auto verifier = parse_verifier_key(verifier_of(key).text());
  ASSERT_TRUE(verifier);
  EXPECT_EQ(open_checkpoint(note, *verifier)->size, 12U);
  EXPECT_TRUE(open_checkpoint(note + "\u2014 witness.example AAAAAAAA\n", *verifier));
  auto changed = note;
  changed[changed.find("12")] = '2';
  EXPECT_FALSE(open_checkpoint(changed, *verifier));
  EXPECT_FALSE(open_checkpoint(note, verifier_of({"qipan.example/a", Bytes(32, '\x02')})));
  EXPECT_FALSE(open_checkpoint("", *verifier));
  EXPECT_FALSE(parse_verifier_key("a+b+c"));
}

TEST(Receipt, ProvesAFactOffline) {
  Store store;
  Log log(store.database);
  for (int i = 0; i < 30; ++i) ASSERT_EQ(log.append(batch_at(log.next(), 3, 4), log.next()), Append::stored);
  const auto text = make_receipt(store.database, 77, store.key);
  ASSERT_TRUE(text);
  const auto verifier = verifier_of(store.key);
  const auto receipt = verify_receipt(*text, &verifier);
  ASSERT_TRUE(receipt) << receipt.error().line();
  EXPECT_EQ(receipt->position, 77U);
  EXPECT_EQ(receipt->command.facts[0].body, "{\"a\":1}");
  EXPECT_EQ(receipt->checkpoint.size, 360U);
  EXPECT_FALSE(make_receipt(store.database, 360, store.key));
  const auto other = verifier_of({store.key.name, Bytes(32, '\x09')});
  EXPECT_FALSE(verify_receipt(*text, &other));
}

RC_GTEST_PROP(Receipt, AnyChangedByteIsRefused, ()) {
  Store store;
  Log log(store.database);
  RC_ASSERT(log.append(batch_at(0, 3, 4), 0) == Append::stored);
  std::string text = *make_receipt(store.database, 5, store.key);
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto flip = *rc::gen::inRange(1, 256);
  text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ static_cast<unsigned>(flip));
  const auto verifier = verifier_of(store.key);
  RC_ASSERT(!verify_receipt(text, &verifier));
}
