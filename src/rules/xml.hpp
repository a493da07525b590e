#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace qipan::rules {

inline constexpr std::size_t model_bytes_max = 4U << 20U;
inline constexpr std::size_t model_elements_max = 200'000;
inline constexpr int model_depth_max = 60;

/// A DMN file as its XML, read without document types, entities of its own or anything from outside; size,
/// depth and number of elements are bounded.
class XmlFile {
 public:
  [[nodiscard]] static Result<std::shared_ptr<const XmlFile>> read(std::string path, std::string_view bytes);

  [[nodiscard]] pugi::xml_node root() const { return document_.document_element(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// "rules/dispatch.dmn:12", for messages.
  [[nodiscard]] std::string place(const pugi::xml_node& node) const;
  [[nodiscard]] std::size_t line(const pugi::xml_node& node) const;

 private:
  std::string path_;
  std::vector<std::size_t> line_starts_;
  pugi::xml_document document_;
};

/// Names without their prefix: DMN files use any prefix or none.
[[nodiscard]] std::string_view local_name(const pugi::xml_node& node);
[[nodiscard]] pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
[[nodiscard]] std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name);
/// All text below, as XML has it.
[[nodiscard]] std::string text_of(const pugi::xml_node& node);
[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace qipan::rules
