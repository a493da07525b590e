#include "rules/xml.hpp"

#include <unicode/ucnv.h>

#include <algorithm>

#include "base/json.hpp"

namespace qipan::rules {

namespace {

/// Depth and number of elements, without recursion.
bool within_bounds(const pugi::xml_node& root) {
  std::size_t count = 0;
  int depth = 0;
  pugi::xml_node node = root;
  while (node) {
    if (++count > model_elements_max || depth > model_depth_max) return false;
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (!node || node == root) return true;
    node = node.next_sibling();
  }
  return true;
}

bool contains_ignoring_case(std::string_view text, std::string_view upper) {
  return std::search(text.begin(), text.end(), upper.begin(), upper.end(), [](char a, char b) {
           return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
         }) != text.end();
}

/// The encoding that the bytes begin with or declare (XML 1.0, 4.3.3 and appendix F); UTF-8 without a word.
std::string encoding_of(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with(std::string_view("<\0?\0", 4))) return "UTF-16LE";
  if (bytes.starts_with("\xFE\xFF") || bytes.starts_with(std::string_view("\0<\0?", 4))) return "UTF-16BE";
  if (!bytes.starts_with("<?xml")) return "UTF-8";
  const std::string_view head = bytes.substr(0, std::min(bytes.find("?>"), std::size_t{200}));
  const auto at = head.find("encoding");
  const auto open = at == std::string_view::npos ? at : head.find_first_of("\"'", at);
  if (open == std::string_view::npos) return "UTF-8";
  const auto close = head.find(head[open], open + 1);
  return close == std::string_view::npos ? "UTF-8" : std::string(head.substr(open + 1, close - open - 1));
}

/// The same text as UTF-8; a byte that is none of its encoding is a fatal error (4.3.3).
Result<std::string> as_utf8(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string encoding = encoding_of(bytes);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> from(ucnv_open(encoding.c_str(), &status),
                                                                ucnv_close);
  if (U_FAILURE(status) != 0)
    return invalid("dmn-encoding", path, encoding, "an encoding that is known", "save the file as UTF-8");
  const auto broken = [&] {
    return invalid("dmn-encoding", path, "", "bytes that are " + encoding + ", as the file says or begins",
                   "save the file as UTF-8");
  };
  if (std::string_view(ucnv_getName(from.get(), &status)) == "UTF-8")
    return is_utf8(bytes) ? Result<std::string>(std::string(bytes)) : broken();
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> to(ucnv_open("UTF-8", &status), ucnv_close);
  ucnv_setFromUCallBack(to.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  if (U_FAILURE(status) != 0) return broken();
  // At most three bytes of UTF-8 for a byte of any other encoding.
  std::string out(bytes.size() * 3 + 8, '\0');
  char* target = out.data();
  const char* source = bytes.data();
  ucnv_convertEx(to.get(), from.get(), &target, out.data() + out.size(), &source, bytes.data() + bytes.size(),
                 nullptr, nullptr, nullptr, nullptr, 1, 1, &status);
  if (U_FAILURE(status) != 0) return broken();
  out.resize(static_cast<std::size_t>(target - out.data()));
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  return out;
}

}  // namespace

Result<std::shared_ptr<const XmlFile>> XmlFile::read(std::string path, std::string_view given) {
  if (given.size() > model_bytes_max) return invalid("dmn-too-large", path, "", "a file of at most 4 MB");
  QIPAN_TRY(bytes, as_utf8(path, given));
  if (contains_ignoring_case(bytes, "<!DOCTYPE"))
    return invalid("dmn-doctype", path, "<!DOCTYPE", "XML without a document type");
  auto file = std::make_shared<XmlFile>();
  file->path_ = std::move(path);
  file->line_starts_.push_back(0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') file->line_starts_.push_back(i + 1);
  }
  const auto parsed = file->document_.load_buffer(
      bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
  if (!parsed) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    const auto line = std::upper_bound(file->line_starts_.begin(), file->line_starts_.end(), offset) -
                      file->line_starts_.begin();
    return invalid("dmn-unreadable", file->path_ + ":" + std::to_string(line), "",
                   std::string("well-formed XML (") + parsed.description() + ")");
  }
  if (!within_bounds(file->root()))
    return invalid("dmn-too-large", file->path_, "", "at most 200,000 elements, 60 of them in each other");
  return file;
}

std::size_t XmlFile::line(const pugi::xml_node& node) const {
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  return static_cast<std::size_t>(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) -
                                  line_starts_.begin());
}

std::string XmlFile::place(const pugi::xml_node& node) const {
  return path_ + ":" + std::to_string(line(node));
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const auto& candidate : node.children()) {
    if (candidate.type() == pugi::node_element && local_name(candidate) == name) return candidate;
  }
  return {};
}

std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const auto& candidate : node.children()) {
    if (candidate.type() == pugi::node_element && local_name(candidate) == name) found.push_back(candidate);
  }
  return found;
}

std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const auto& part : node.children()) {
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
  }
  return text;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace qipan::rules
