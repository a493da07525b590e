#include "rules/builder.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/crypto.hpp"
#include "rules/evaluation.hpp"

namespace qipan::rules {

namespace {

constexpr std::array<std::string_view, 6> name_spaces = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/", "https://www.omg.org/spec/DMN/20240513/MODEL/"};

/// The namespace that the root's own prefix, or none, stands for.
std::string_view name_space_of(const pugi::xml_node& root) {
  const std::string_view name = root.name();
  const auto colon = name.find(':');
  const std::string attribute =
      colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
  return root.attribute(attribute.c_str()).as_string();
}

struct Tag {
  std::string_view name;
  Element::Kind kind;
};
constexpr std::array<Tag, 4> tags = {{{"inputData", Element::Kind::input},
                                      {"decision", Element::Kind::decision},
                                      {"businessKnowledgeModel", Element::Kind::knowledge},
                                      {"decisionService", Element::Kind::service}}};

}  // namespace

Result<std::shared_ptr<const Model>> Builder::build(const std::vector<Source>& sources) {
  QIPAN_CHECK(read(sources));
  QIPAN_CHECK(link_imports());
  QIPAN_CHECK(check_duplicates());
  define_types();
  register_elements();
  QIPAN_CHECK(link_requirements());
  QIPAN_CHECK(check_circles());
  compiled_.assign(model_->elements_.size(), 0);
  for (const std::size_t index : order_) compile(index);
  return model_;
}

void Builder::problem(const Document& document, const pugi::xml_node& at, std::string code, std::string value,
                      std::string rule) {
  constexpr std::size_t problems_max = 100;
  auto& list = code == "feel-type" || code == "dmn-type" ? model_->complaints_ : model_->problems_;
  if (list.size() >= problems_max) return;
  list.push_back({Problem::Kind::invalid, code, document.file->place(at), shortened(value), rule, ""});
}

Result<void> Builder::read(const std::vector<Source>& sources) {
  constexpr std::size_t sources_max = 100;
  if (sources.empty() || sources.size() > sources_max)
    return invalid("dmn-sources", "", std::to_string(sources.size()), "1 to 100 files");
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto document = read_document(sources[i]);
    // A file beside the model matters only if it is imported, and then it is missed by its namespace.
    if (!document && i == 0) return refuse(document.error());
    if (document) documents_.push_back(std::move(*document));
  }
  QIPAN_CHECK(keep_imported());
  model_->name_ = documents_[0].name;
  model_->name_space_ = documents_[0].name_space;
  return {};
}

Result<Document> Builder::read_document(const Source& source) const {
  QIPAN_TRY(file, XmlFile::read(source.path, source.bytes));
  Document document;
  const pugi::xml_node root = file->root();
  const bool known = local_name(root) == "definitions" && std::find(name_spaces.begin(), name_spaces.end(),
                                                                    name_space_of(root)) != name_spaces.end();
  if (!known)
    return invalid("dmn-namespace", source.path, name_space_of(root), "definitions of DMN 1.1 to 1.6");
  document.name = root.attribute("name").as_string();
  document.name_space = root.attribute("namespace").as_string();
  document.file = std::move(file);
  document.path = source.path;
  return document;
}

/// The file that an import means: that of its namespace, and of several the one that its locationURI names.
Result<std::size_t> Builder::imported(const Document& document, const pugi::xml_node& import) const {
  const std::string name_space = import.attribute("namespace").as_string();
  const auto file_name = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  const std::string location = import.attribute("locationURI").as_string();
  std::vector<std::size_t> found;
  std::vector<std::size_t> named;
  for (std::size_t d = 0; d < documents_.size(); ++d) {
    if (documents_[d].name_space != name_space || documents_[d].path == document.path) continue;
    found.push_back(d);
    if (!location.empty() && file_name(documents_[d].path) == file_name(location)) named.push_back(d);
  }
  if (found.size() > 1 && named.size() == 1) return named[0];
  if (found.size() == 1) return found[0];
  const std::string rule = found.empty()
                               ? "a file of that namespace beside it"
                               : "one file of that namespace beside it, or a locationURI that names one";
  return invalid(found.empty() ? "dmn-import" : "dmn-import-ambiguous", document.file->place(import),
                 name_space, rule);
}

/// The model's own file, and those that it reaches by imports.
Result<void> Builder::keep_imported() {
  std::vector<std::size_t> reached = {0};
  for (std::size_t r = 0; r < reached.size(); ++r) {
    const Document& document = documents_[reached[r]];
    std::map<std::string, std::size_t> by_name_space;
    for (const auto& import : children(document.file->root(), "import")) {
      if (std::string_view(import.attribute("importType").as_string()).find("/DMN/") ==
          std::string_view::npos)
        continue;
      QIPAN_TRY(target, imported(document, import));
      const std::string name_space = import.attribute("namespace").as_string();
      if (by_name_space.emplace(name_space, target).first->second != target)
        return invalid("dmn-import-ambiguous", document.file->place(import), name_space,
                       "one file of each namespace in a model");
      if (std::find(reached.begin(), reached.end(), target) == reached.end()) reached.push_back(target);
    }
  }
  std::map<std::string, std::string> of_name_space;
  std::vector<Document> kept;
  for (const std::size_t d : reached) {
    const auto [known, added] = of_name_space.emplace(documents_[d].name_space, documents_[d].path);
    if (!added)
      return invalid("dmn-import-ambiguous", documents_[d].path, documents_[d].name_space,
                     "files of different namespaces; " + known->second + " has it too");
  }
  for (const std::size_t d : reached) kept.push_back(std::move(documents_[d]));
  documents_ = std::move(kept);
  return {};
}

Result<void> Builder::link_imports() {
  for (Document& document : documents_) {
    for (const auto& import : children(document.file->root(), "import")) {
      const std::string type = import.attribute("importType").as_string();
      if (type.find("/DMN/") == std::string::npos) continue;
      QIPAN_TRY(target, imported(document, import));
      const std::string name = import.attribute("name").as_string();
      if (!document.imports.emplace(name, target).second)
        return invalid("dmn-duplicate", document.file->place(import), name,
                       "each import under a name of its own");
    }
  }
  return {};
}

/// Names and ids that stand twice in one file would let one element pass for another.
Result<void> Builder::check_duplicates() const {
  for (const Document& document : documents_) {
    std::set<std::string> names;
    std::set<std::string> ids;
    for (const auto& [import, target] : document.imports)
      if (!import.empty()) names.insert(import);
    for (const auto& node : document.file->root().children()) {
      const bool named =
          node.type() == pugi::node_element &&
          std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.name == local_name(node); });
      if (!named) continue;
      const std::string name = node.attribute("name").as_string();
      const std::string id = node.attribute("id").as_string();
      if (!names.insert(name).second)
        return invalid("dmn-duplicate", document.file->place(node), name,
                       "each decision, input, function and import under a name of its own");
      if (!id.empty() && !ids.insert(id).second)
        return invalid("dmn-duplicate", document.file->place(node), id, "each id once");
    }
  }
  return {};
}

void Builder::register_elements() {
  auto& elements = model_->elements_;
  for (std::size_t d = 0; d < documents_.size(); ++d) {
    Document& document = documents_[d];
    for (const auto& node : document.file->root().children()) {
      const auto tag = std::find_if(tags.begin(), tags.end(),
                                    [&](const Tag& known) { return known.name == local_name(node); });
      if (node.type() != pugi::node_element || tag == tags.end()) continue;
      Element element;
      element.kind = tag->kind;
      element.name = node.attribute("name").as_string();
      element.id = node.attribute("id").as_string();
      element.name_space = document.name_space;
      element.description = trimmed(text_of(child(node, "description")));
      element.place = document.file->place(node);
      const pugi::xml_node variable = child(node, "variable");
      element.type = reference_type(document, variable, variable.attribute("typeRef").as_string(), 0);
      if (!element.id.empty()) by_id_.emplace(document.name_space + "#" + element.id, elements.size());
      elements.push_back(std::move(element));
      nodes_.push_back(node);
      document_of_.push_back(d);
    }
  }
}

Result<std::size_t> Builder::resolve(const Document& document, const pugi::xml_node& reference,
                                     Element::Kind kind) const {
  const std::string href = reference.attribute("href").as_string();
  const auto hash = href.find('#');
  const std::string name_space =
      hash == std::string::npos || hash == 0 ? document.name_space : href.substr(0, hash);
  const auto found =
      by_id_.find(name_space + "#" + (hash == std::string::npos ? href : href.substr(hash + 1)));
  const auto fits = [&](Element::Kind given) {
    return given == kind || (kind == Element::Kind::knowledge && given == Element::Kind::service);
  };
  if (found == by_id_.end() || !fits(model_->elements_[found->second].kind))
    return invalid("dmn-reference", document.file->place(reference), href,
                   "the id of an element of that kind");
  return found->second;
}

Result<void> Builder::link_requirements() {
  struct Requirement {
    std::string_view outer;
    std::string_view inner;
    Element::Kind kind;
  };
  constexpr std::array<Requirement, 3> requirements = {
      {{"informationRequirement", "requiredDecision", Element::Kind::decision},
       {"informationRequirement", "requiredInput", Element::Kind::input},
       {"knowledgeRequirement", "requiredKnowledge", Element::Kind::knowledge}}};
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Element& element = model_->elements_[i];
    const Document& document = documents_[document_of_[i]];
    for (const Requirement& wanted : requirements) {
      for (const auto& outer : children(nodes_[i], wanted.outer)) {
        for (const auto& inner : children(outer, wanted.inner)) {
          QIPAN_TRY(index, resolve(document, inner, wanted.kind));
          element.requirements.push_back(index);
        }
      }
    }
    const auto links = [&](std::string_view tag, Element::Kind kind,
                           std::vector<std::size_t>& into) -> Result<void> {
      for (const auto& reference : children(nodes_[i], tag)) {
        QIPAN_TRY(index, resolve(document, reference, kind));
        into.push_back(index);
      }
      return {};
    };
    QIPAN_CHECK(links("outputDecision", Element::Kind::decision, element.outputs));
    QIPAN_CHECK(links("encapsulatedDecision", Element::Kind::decision, element.encapsulated));
    QIPAN_CHECK(links("inputDecision", Element::Kind::decision, element.input_decisions));
    QIPAN_CHECK(links("inputData", Element::Kind::input, element.input_data));
  }
  return {};
}

/// Decisions that need each other can never be computed; knowledge may call itself. Finds the order in which
/// each element comes after those that it needs, so that compiling need not go deep.
Result<void> Builder::check_circles() {
  const auto& elements = model_->elements_;
  std::vector<char> state(elements.size());
  struct Step {
    std::size_t element;
    std::size_t next = 0;
  };
  for (std::size_t start = 0; start < elements.size(); ++start) {
    std::vector<Step> path = {{start}};
    if (state[start] != 0) continue;
    state[start] = 1;
    while (!path.empty()) {
      Step& step = path.back();
      const auto& requirements = elements[step.element].requirements;
      if (step.next == requirements.size()) {
        state[step.element] = 2;
        order_.push_back(step.element);
        path.pop_back();
        continue;
      }
      const std::size_t needed = requirements[step.next++];
      const bool is_decision = elements[needed].kind == Element::Kind::decision;
      if (state[needed] == 2 || (state[needed] == 1 && !is_decision)) continue;
      if (state[needed] == 1)
        return invalid("dmn-circle", elements[needed].place, elements[needed].name,
                       "decisions that do not need themselves");
      state[needed] = 1;
      path.push_back({needed});
    }
  }
  return {};
}

/// The name by which a document's expressions know an element, through imports of imports if need be.
std::string Builder::qualified(std::size_t document, std::size_t element) const {
  const std::string& name = model_->elements_[element].name;
  std::vector<std::pair<std::size_t, std::string>> open = {{document, ""}};
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto [at, prefix] = open[i];
    if (at == document_of_[element]) return prefix + name;
    if (!seen.insert(at).second) continue;
    for (const auto& [import, index] : documents_[at].imports)
      open.emplace_back(index, import.empty() ? prefix : prefix + import + ".");
  }
  return name;
}

Result<std::shared_ptr<const Model>> Model::load(const std::vector<Source>& sources) {
  Builder builder;
  auto model = builder.build(sources);
  if (!model) return model;
  std::string all;
  for (const Source& source : sources) all += to_hex(view_of(sha256(source.bytes)));
  std::const_pointer_cast<Model>(*model)->hash_ = sources.size() == 1 ? all : to_hex(view_of(sha256(all)));
  return model;
}

const Element* Model::find(Element::Kind kind, std::string_view name, std::string_view name_space) const {
  const Element* imported = nullptr;
  for (const Element& element : elements_) {
    if (element.kind != kind || element.name != name) continue;
    if (!name_space.empty() && element.name_space != name_space) continue;
    if (element.name_space == name_space_) return &element;
    if (imported == nullptr) imported = &element;
  }
  return imported;
}

std::vector<std::size_t> Model::inputs_of(const Element& decision) const {
  std::set<std::size_t> seen;
  std::set<std::size_t> inputs;
  std::vector<std::size_t> open = {index_of(decision)};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (!seen.insert(at).second) continue;
    if (elements_[at].kind == Element::Kind::input) inputs.insert(at);
    for (const auto* list : {&elements_[at].requirements, &elements_[at].outputs})
      open.insert(open.end(), list->begin(), list->end());
  }
  return {inputs.begin(), inputs.end()};
}

}  // namespace qipan::rules
