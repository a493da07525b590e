#include "rules/xml.hpp"

#include <algorithm>

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

}  // namespace

Result<std::shared_ptr<const XmlFile>> XmlFile::read(std::string path, std::string_view bytes) {
  if (bytes.size() > model_bytes_max) return invalid("dmn-too-large", path, "", "a file of at most 4 MB");
  if (contains_ignoring_case(bytes, "<!DOCTYPE"))
    return invalid("dmn-doctype", path, "<!DOCTYPE", "XML without a document type");
  auto file = std::make_shared<XmlFile>();
  file->path_ = std::move(path);
  file->line_starts_.push_back(0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') file->line_starts_.push_back(i + 1);
  }
  const auto parsed = file->document_.load_buffer(bytes.data(), bytes.size(),
                                                  pugi::parse_default | pugi::parse_ws_pcdata_single);
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
