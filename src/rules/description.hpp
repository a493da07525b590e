#pragma once

#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::rules {

/// A DMN file as a reader sees it, compiled or not: its elements in the order of the file with their texts,
/// and of decision tables every column and rule. For pages that show rules, and for differences.
///   {name, namespace, elements: [{kind, id, name, type, description, requires: [names], and one of
///     table: {policy, aggregation, inputs: [{label, text, type, values}], outputs: [{name, label, type,
///     values,
///       otherwise}], annotations: [names], rules: [{id, tests, outputs, annotations}]},
///     text: a literal expression, xml: any other logic or definition, without what only places it}]}
/// Kinds are those of the file: inputData, decision, businessKnowledgeModel, decisionService,
/// knowledgeSource, itemDefinition, import. Refuses what is no XML within the limits, or no DMN.
[[nodiscard]] Result<Json> describe(const std::string& path, std::string_view bytes);

/// What differs between two descriptions: [{change: added | removed | changed, kind, name, parts: [{part,
/// before, after}], rules: [{change: added | removed | changed | moved, id, place, before, after, cells:
/// [{column, before, after}]}]}]. Elements are the same by id, or else by name; rules by id, or else by what
/// they say.
[[nodiscard]] Json difference_of(const Json& before, const Json& after);

}  // namespace qipan::rules
