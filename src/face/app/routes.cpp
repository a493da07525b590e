#include "face/app/routes.hpp"

#include "base/file.hpp"

namespace qipan::face {

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() == '{') {
      const auto end = path.find('/');
      const std::string_view part = path.substr(0, end);
      if (part.empty()) return false;
      parts.emplace_back(part);
      path.remove_prefix(part.size());
      pattern.remove_prefix(pattern.find('}') + 1);
    } else {
      if (pattern.front() != path.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
    }
  }
  return pattern.empty() && path.empty();
}

Result<Json> fact_body(Reading& at, const log::FactRecord& fact, log::Audience most) {
  return board::body_of(at.app.district().board().engines(), fact, most);
}

namespace {

std::string_view media_type(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml; charset=utf-8"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".woff2", "font/woff2"},
      {".ico", "image/x-icon"},
      {".webmanifest", "application/manifest+json"}};
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

constexpr std::size_t file_bytes_max = 32U << 20U;

/// A file as its reader takes it packed (RFC 9110 §12.5.3), the smaller way first, and by which; none where
/// it lies there packed in no way that is taken. Weights ("q=0") of what browsers send are not looked at.
std::pair<std::string, Result<std::string>> packed_file(const std::string& path, std::string_view accepted) {
  for (const auto& [name, ending] : {std::pair("br", ".br"), std::pair("gzip", ".gz")}) {
    if (accepted.find(name) == std::string_view::npos) continue;
    auto bytes = read_file(path + ending, file_bytes_max);
    if (bytes) return {name, std::move(bytes)};
  }
  return {"", std::string()};
}

}  // namespace

Response static_file(const App& app, const Request& request) {
  const auto unknown = [&] {
    return problem_response({Problem::Kind::not_found, "route-unknown", "", shortened(request.path),
                             "a page or a path of the API", "see /api/v1/openapi.json"});
  };
  const std::string& folder = app.options().web_folder;
  if (folder.empty() || request.path.starts_with("/api/") || request.path.find("..") != std::string::npos)
    return unknown();
  const bool is_page = request.path.find('.') == std::string::npos;
  const std::string path = folder + (is_page ? "/index.html" : request.path);
  // The build leaves each packed beside it, as no request should pay for packing.
  const auto [encoding, packed] = packed_file(path, request.header("accept-encoding"));
  const auto bytes = encoding.empty() ? read_file(path, file_bytes_max) : packed;
  if (!bytes) return unknown();
  Response response = Response::text(200, *bytes, std::string(media_type(is_page ? ".html" : request.path)));
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!encoding.empty()) response.headers.emplace_back("Content-Encoding", encoding);
  // Built files carry their hash in the name; the page itself is asked for each time.
  response.headers.emplace_back("Cache-Control", request.path.starts_with("/assets/")
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  return response;
}

}  // namespace qipan::face
