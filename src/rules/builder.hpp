#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/model.hpp"
#include "rules/xml.hpp"

namespace qipan::rules {

/// One file and what its names stand for.
struct Document {
  std::shared_ptr<const XmlFile> file;
  std::string name;
  std::string name_space;
  std::map<std::string, std::size_t> imports;  // name to the number of the document
  std::string path;
  expr::TypeNames types;
};

/// Makes a Model of files: types first, then the graph, then the logic of each element after those it needs.
class Builder {
 public:
  [[nodiscard]] Result<std::shared_ptr<const Model>> build(const std::vector<Source>& sources);

 private:
  // builder.cpp
  Result<void> read(const std::vector<Source>& sources);
  [[nodiscard]] Result<Document> read_document(const Source& source) const;
  Result<void> keep_imported();
  [[nodiscard]] Result<std::size_t> imported(const Document& document, const pugi::xml_node& import) const;
  [[nodiscard]] Result<void> check_duplicates() const;
  Result<void> link_imports();
  void register_elements();
  Result<void> link_requirements();
  Result<void> check_circles();
  [[nodiscard]] Result<std::size_t> resolve(const Document& document, const pugi::xml_node& reference,
                                            Element::Kind kind) const;
  [[nodiscard]] std::string qualified(std::size_t document, std::size_t element) const;

  // item_types.cpp
  void define_types();
  [[nodiscard]] expr::TypePtr item_type(Document& document, const pugi::xml_node& definition, int depth);
  [[nodiscard]] expr::TypePtr reference_type(Document& document, const pugi::xml_node& at, std::string name,
                                             int depth);
  [[nodiscard]] expr::TypePtr named_type(Document& document, std::string_view name, int depth);
  [[nodiscard]] expr::TypePtr constrained(expr::TypePtr type, const Document& document,
                                          const pugi::xml_node& tests);

  // logic.cpp
  void compile(std::size_t element);
  void compile_decision(std::size_t element);
  void compile_knowledge(std::size_t element);
  [[nodiscard]] std::vector<expr::Name> names_for(std::size_t element);
  [[nodiscard]] expr::TypePtr static_type(std::size_t element);

  void problem(const Document& document, const pugi::xml_node& at, std::string code, std::string value,
               std::string rule);

  friend class BoxedReader;
  std::vector<Document> documents_;
  std::shared_ptr<Model> model_ = std::make_shared<Model>();
  std::vector<pugi::xml_node> nodes_;         // of each element
  std::vector<std::size_t> document_of_;      // each element's
  std::map<std::string, std::size_t> by_id_;  // namespace#id
  std::vector<std::size_t> order_;            // each element after those that it needs
  std::vector<char> compiled_;                // 0 no, 1 under way, 2 done
};

}  // namespace qipan::rules
