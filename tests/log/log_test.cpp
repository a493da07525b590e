#include "log/log.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/crypto.hpp"
#include "base/file.hpp"
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
      command.facts.push_back({"case.created",
                               "case:" + std::to_string(c),
                               {{Audience::party, "{\"a\":1}", {}}, {Audience::internal, "{\"b\":2}", {}}}});
    command.seed = Bytes(16, static_cast<char>(c));
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
  const auto whole = decode_batch(encode(batch));
  ASSERT_TRUE(whole);
  EXPECT_EQ(*whole, batch);
  batch.commands[1].remove_part(0, Audience::internal);
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

TEST(Batch, IsWrittenAsItsVectorsSay) {
  const auto text = read_file(QIPAN_SOURCE_DIR "/tests/log/vectors.json", 1U << 20U);
  ASSERT_TRUE(text);
  const auto vectors = parse_json(*text);
  ASSERT_TRUE(vectors);
  ASSERT_EQ((*vectors)["batches"].items().size(), 3U);
  for (const Json& one : (*vectors)["batches"].items()) {
    const auto bytes = from_hex(one["bytes"].text());
    ASSERT_TRUE(bytes);
    const auto batch = decode_batch(*bytes);
    ASSERT_TRUE(batch) << one["title"].text();
    EXPECT_EQ(encode(*batch), *bytes);
    const auto leaves = leaves_of(*batch);
    ASSERT_EQ(leaves.size(), one["leaves"].items().size());
    for (std::size_t i = 0; i < leaves.size(); ++i)
      EXPECT_EQ(to_hex(view_of(leaves[i])), one["leaves"].items()[i].text()) << one["title"].text();
  }
}

TEST(Batch, IsRefusedAsItsVectorsSay) {
  const auto vectors = parse_json(*read_file(QIPAN_SOURCE_DIR "/tests/log/vectors.json", 1U << 20U));
  ASSERT_TRUE(vectors);
  ASSERT_EQ((*vectors)["refused"].items().size(), 21U);
  for (const Json& one : (*vectors)["refused"].items()) {
    const auto bytes = from_hex(one["bytes"].text());
    ASSERT_TRUE(bytes);
    EXPECT_FALSE(decode_batch(*bytes)) << one["title"].text();
  }
}

TEST(Batch, ARemovedPartLeavesItsLeafAndNoSaltBehind) {
  auto batch = batch_at(0, 2, 2);
  const auto leaves = leaves_of(batch);
  auto removed = batch;
  removed.commands[0].remove_part(1, Audience::party);
  EXPECT_EQ(leaves_of(removed), leaves);
  EXPECT_TRUE(decode_batch(encode(removed)));
  auto kept = removed;
  kept.commands[0].salts[3] = batch.commands[0].salt(3);
  EXPECT_FALSE(decode_batch(encode(kept))) << "the salt of what is gone would let it be guessed";
  kept = removed;
  kept.commands[0].salts.clear();
  kept.commands[0].seed = Bytes(16, '\0');
  EXPECT_FALSE(decode_batch(encode(kept))) << "so would the seed";
}

TEST(Fact, IsSplitByAudienceAndJoinedAgain) {
  const auto audience_of = [](std::string_view member) {
    return member == "open" ? Audience::everybody : member == "fields" ? Audience::party : Audience::internal;
  };
  struct Case {
    const char* body;
    const char* parts;
    const char* joined;
  };
  const std::string sealed =
      R"({"vault":"00112233445566778899aabbccddeeff","hash":")" + std::string(64, 'a') + "\"}";
  const Case cases[] = {
      {R"({})", "internal {}", R"({})"},
      {R"({"a":1,"b":[2]})", R"(internal {"a":1,"b":[2]})", R"({"a":1,"b":[2]})"},
      {R"({"a":1,"open":true})", R"(everybody {"open":true} internal {"a":1})", R"({"open":true,"a":1})"},
      {R"({"fields":{"name":SEALED,"text":"t","none":{}}})",
       R"(party {"fields":{"text":"t","none":{}}} sensitive {"fields":{"name":SEALED}})",
       R"({"fields":{"text":"t","none":{},"name":SEALED}})"},
      {R"({"list":[1,SEALED],"c":{"d":{"e":SEALED,"f":1}}})",
       R"(internal {"c":{"d":{"f":1}}} sensitive {"list":[1,SEALED],"c":{"d":{"e":SEALED}}})",
       R"({"c":{"d":{"f":1,"e":SEALED}},"list":[1,SEALED]})"},
      // A pack may call a field so.
      {R"({"fields":{"vault":"the bank's","hash":"tag"}})",
       R"(party {"fields":{"vault":"the bank's","hash":"tag"}})",
       R"({"fields":{"vault":"the bank's","hash":"tag"}})"},
  };
  const auto with_sealed = [&](std::string text) {
    for (auto at = text.find("SEALED"); at != std::string::npos; at = text.find("SEALED"))
      text.replace(at, 6, sealed);
    return text;
  };
  for (const Case& one : cases) {
    const Cut made = cut(*parse_json(with_sealed(one.body)), audience_of);
    EXPECT_EQ(made.body.dump(), with_sealed(one.joined)) << "folded now as read later";
    const FactRecord fact{"k.k", "s:1", made.parts};
    std::string parts;
    for (const Part& part : fact.parts)
      parts += (parts.empty() ? "" : " ") + std::string(audience_name(part.audience)) + " " + part.bytes;
    EXPECT_EQ(parts, with_sealed(one.parts)) << one.body;
    EXPECT_EQ(body_of(fact)->dump(), with_sealed(one.joined)) << one.body;
    EXPECT_EQ(body_of(fact, Audience::internal)->dump().find(sealed), std::string::npos) << one.body;
  }
  EXPECT_FALSE(body_of({"k.k", "s:1", {{Audience::internal, "{", {}}}}));
  EXPECT_TRUE(body_of({"k.k", "s:1", {{Audience::internal, "\x01z", {}}}})->is_null()) << "a block";
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
  EXPECT_EQ(receipt->header.position, 77U);
  EXPECT_EQ(receipt->command->actor, "person:7");
  EXPECT_EQ(body_of(receipt->fact)->dump(), R"({"a":1,"b":2})");
  EXPECT_EQ(receipt->checkpoint.size, 360U);
  EXPECT_FALSE(make_receipt(store.database, 360, store.key));
  const auto other = verifier_of({store.key.name, Bytes(32, '\x09')});
  EXPECT_FALSE(verify_receipt(*text, &other));
}

TEST(Receipt, TellsWhoAsksNoMoreThanTheirParts) {
  Store store;
  Log log(store.database);
  ASSERT_EQ(log.append(batch_at(0, 3, 4), 0), Append::stored);
  struct Case {
    Audience most;
    const char* body;
    bool head;
  };
  for (const Case& one : {Case{Audience::everybody, "{}", false}, Case{Audience::party, R"({"a":1})", false},
                          Case{Audience::internal, R"({"a":1,"b":2})", true}}) {
    const auto text = make_receipt(store.database, 5, store.key, one.most);
    ASSERT_TRUE(text);
    const auto receipt = verify_receipt(*text, nullptr);
    ASSERT_TRUE(receipt) << receipt.error().line();
    EXPECT_EQ(body_of(receipt->fact)->dump(), one.body);
    EXPECT_EQ(receipt->command.has_value(), one.head);
    EXPECT_EQ(receipt->header.subject, "case:1") << "where it stands and what kind it is, is told to all";
    const auto extra = from_base64(text->substr(29, text->find('\n', 30) - 29));
    ASSERT_TRUE(extra);
    EXPECT_EQ(extra->find("person:7") != std::string::npos, one.head);
    EXPECT_EQ(extra->find("\"b\":2") != std::string::npos, one.most >= Audience::internal);
  }
}

TEST(Receipt, AHeadWithAReferenceIsForFew) {
  Store store;
  Log log(store.database);
  Batch batch = batch_at(0, 1, 1);
  batch.commands[0].answer =
      R"({"vault":"00112233445566778899aabbccddeeff","hash":")" + std::string(64, 'a') + "\"}";
  ASSERT_EQ(log.append(batch, 0), Append::stored);
  EXPECT_FALSE(
      verify_receipt(*make_receipt(store.database, 0, store.key, Audience::internal), nullptr)->command);
  EXPECT_TRUE(
      verify_receipt(*make_receipt(store.database, 0, store.key, Audience::sensitive), nullptr)->command);
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
