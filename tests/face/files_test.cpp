// Files that people send: by what they are, past a scanner, and handed out to be saved.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zip.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "face/app/file_type.hpp"
#include "face/app/scanner.hpp"
#include "support/app_world.hpp"

using namespace qipan;

namespace {

using namespace std::string_literals;

const std::string pdf = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";

using Members = std::vector<std::pair<std::string, std::string>>;

/// A zip with these members, in this order.
std::string zip_of(const Members& members) {
  const std::string path = testing::TempDir() + "zip" + std::to_string(getpid());
  int error = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : members)
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
  zip_close(archive);
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::filesystem::remove(path);
  return bytes;
}

const std::string ofd = R"(<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD"/>)";

/// A clamd that answers one question.
class Scanner {
 public:
  explicit Scanner(std::string answer) : path_(testing::TempDir() + "clamd" + std::to_string(getpid())) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    ::unlink(path_.c_str());
    socket_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
  }
  ~Scanner() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
    ::unlink(path_.c_str());
  }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  /// What came behind the command, out of its pieces.
  [[nodiscard]] const std::string& seen() {
    thread_.join();
    return seen_;
  }

 private:
  void serve(const std::string& answer) {
    const int client = ::accept(socket_, nullptr, nullptr);
    std::string all;
    char some[4'096];
    while (!all.ends_with("\0\0\0\0"s)) {
      const ssize_t got = ::recv(client, some, sizeof some, 0);
      if (got <= 0) break;
      all.append(some, static_cast<std::size_t>(got));
    }
    EXPECT_TRUE(all.starts_with("zINSTREAM\0"s));
    for (std::size_t at = 10; at + 4 <= all.size();) {
      std::size_t length = 0;
      for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<unsigned char>(all[at + i]);
      seen_ += all.substr(at + 4, length);
      at += 4 + length;
    }
    if (!answer.empty()) {
      EXPECT_GT(::send(client, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
    }
    ::close(client);
  }

  std::string path_;
  std::string seen_;
  int socket_ = -1;
  std::thread thread_;
};

}  // namespace

TEST(Files, AreWhatTheirBytesAre) {
  struct Line {
    std::string bytes;
    const char* type;
  };
  const Line lines[] = {
      {pdf, "application/pdf"},
      {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0"s, "image/png"},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF\0"s, "image/jpeg"},
      {"会议纪要\n一、安全生产\n", "text/plain"},
      {"ID3\x03\0\0\0\0\0\0\xFF\xFB\x90\x64"s, "audio/mpeg"},
      {"#!AMR\n\x3C\0\0"s, "audio/amr"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0'), "file-type"},
      {zip_of({{"Doc_0/Document.xml", "<x/>"}, {"OFD.xml", ofd}}), "application/ofd"},
      {zip_of({{"OFD.xml", "MZ"}, {"a.exe", "MZ"}}), "file-type"},
      {zip_of({{"a.exe", "OFD.xml"}}), "file-type"},
      {zip_of({{"word/document.xml", "<x/>"}, {"docProps/app.xml", "<x/>"}, {"[Content_Types].xml", "<x/>"}}),
       "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"xl/workbook.xml", "<x/>"}}),
       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"ppt/presentation.xml", "<x/>"}}),
       "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}, {"word/vbaProject.bin", "x"}}),
       "file-type"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}, {"word/VBAPROJECT.BIN", "x"}}),
       "file-type"},
      {zip_of({{"[Content_Types].xml",
                "<Override PartName=\"/word/prog.dat\" ContentType=\"application/"
                "vnd.ms-office.vbaProject\"/>"},
               {"word/document.xml", "<x/>"},
               {"word/prog.dat", "x"}}),
       "file-type"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"xl/workbook.xml", "<x/>"}, {"xl/macrosheets/s.xml", "x"}}),
       "file-type"},
      {zip_of({{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}, {"word/evil.EXE", "x"}}),
       "file-type"},
      {zip_of({{"content.xml", "<x/>"},
               {"mimetype", "application/vnd.oasis.opendocument.text"},
               {"Object 1/Basic/Standard/script.xml", "x"}}),
       "file-type"},
      {zip_of({{"word/document.xml", "<x/>"}}), "file-type"},
      {zip_of({{"content.xml", "<x/>"}, {"mimetype", "application/vnd.oasis.opendocument.text"}}),
       "application/vnd.oasis.opendocument.text"},
      {zip_of({{"mimetype", "application/vnd.oasis.opendocument.text"}}), "file-type"},
      {"PK\x03\x04 no zip", "file-type"},
      {"MZ" + std::string(200, '\0'), "file-type"},
      {"\x7F"
       "ELF\2\1\1"s +
           std::string(60, '\0'),
       "file-type"},
      {"<!DOCTYPE html><html><body><script>1</script></body></html>", "file-type"},
      {"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "file-type"},
      {"#!/bin/sh\nrm -r /\n", "file-type"},
      {std::string(40, '\1'), "file-type"},
  };
  for (const Line& line : lines) {
    const auto type = face::file_type(line.bytes);
    EXPECT_EQ(type ? type->media_type : type.error().code, line.type) << line.bytes.substr(0, 20);
  }
}

TEST(Files, AreShownToTheScanner) {
  const std::string long_one(200'000, 'x');
  struct Line {
    std::string answer;
    const char* code;
  };
  for (const Line& line : {Line{"stream: OK\0"s, ""}, Line{"stream: Eicar-Test FOUND\0"s, "file-harmful"},
                           Line{"INSTREAM size limit exceeded. ERROR\0"s, "scanner-silent"},
                           Line{"", "scanner-silent"}, Line{"stream: OK FOUND"s, "file-harmful"}}) {
    Scanner scanner(line.answer);
    const auto clean = face::scan(scanner.path(), long_one);
    EXPECT_EQ(clean ? "" : clean.error().code, line.code) << line.answer;
    EXPECT_EQ(scanner.seen(), long_one);
  }
  EXPECT_EQ(face::scan("/nowhere/clamd", "x").error().code, "scanner-silent");
  EXPECT_EQ(face::scan(std::string(300, 'p'), "x").error().code, "scanner-silent");
}

TEST(Files, AreKeptAndHandedOutToBeSaved) {
  test::World& world = test::World::get();
  const auto admin = world.log_in("admin");
  const auto send = [&](const std::string& bytes) {
    return world.send("POST", "/api/v1/files", bytes, admin.cookie, admin.csrf);
  };
  const auto kept = send(pdf);
  ASSERT_EQ(kept.status, 201) << kept.body;
  const auto stored = parse_json(kept.body);
  EXPECT_EQ((*stored)["type"].text(), "application/pdf");
  EXPECT_EQ((*stored)["bytes"].integer(), static_cast<std::int64_t>(pdf.size()));
  EXPECT_EQ(test::code_of(send("MZ" + std::string(200, '\0'))), "file-type");
  EXPECT_EQ(test::code_of(send("")), "file-size");
  EXPECT_EQ(test::code_of(send("\xFF\xD8\xFF\xE0 no picture")), "photo-broken");
  const std::string hash = (*stored)["hash"].text();
  // The hash alone is no key.
  EXPECT_EQ(world.send("GET", "/api/v1/files/" + hash + "?entry=enterprise:1", "", admin.cookie).status, 404);
  // What is no picture is no photo.
  EXPECT_EQ(test::code_of(world.send("PATCH", "/api/v1/registers/enterprise/entries/4",
                                     R"({"values":{"front":[")" + hash + R"("]},"reason":"r"})", admin.cookie,
                                     admin.csrf)),
            "photo-unknown");
  // It is handed out under a name of ours, whatever a browser would make of it.
  const auto got = face::photo_response(world.app(), hash, {hash});
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.body, pdf);
  std::string disposition;
  for (const auto& [name, value] : got.headers)
    if (name == "Content-Disposition") disposition = value;
  EXPECT_EQ(disposition, "attachment; filename=\"" + hash.substr(0, 12) + ".pdf\"");
}
