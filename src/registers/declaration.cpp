#include "registers/declaration.hpp"

#include "fields/declaration.hpp"
#include "pack/read_fields.hpp"

namespace qipan::registers {

namespace {

/// An entry is an organisation itself, or is of one that it names; not both.
void read_party(pack::Fields& table, Register& declared) {
  declared.party_title = table.text("party_title", false);
  if (declared.party_title.empty()) return;
  const Field* title = declared.field(declared.party_title);
  if (title == nullptr || title->sensitivity == fields::Sensitivity::sensitive || title->personal() ||
      !title->required || !title->type->attributes().key)
    table.fault("party_title", declared.party_title,
                "the name of a required field that is a text or a code, and neither sensitive nor personal");
  if (const Field* other = fields::party_field(declared.fields))
    table.fault("party_title", other->name, "no field that names another party, where entries are parties");
}

}  // namespace

std::vector<Register> read_registers(const pack::Pack& pack, pack::Problems& problems) {
  // Columns that every entry has.
  static const std::vector<std::string_view> own = {"id",      "unit",    "x",       "y",       "geometry",
                                                    "retired", "created", "changed", "position"};
  std::vector<Register> registers;
  for (const std::string& path : pack.files_in("registers", ".toml")) {
    auto document = pack::parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    pack::Fields table(*document, path, problems);
    Register declared;
    declared.name = table.name("name");
    declared.title = table.title("title");
    declared.geometry = table.choice("geometry", {"none", "point", "polygon"}, "none");
    declared.fields = pack::read_fields(table, "fields",
                                        {.personal = true, .contents = true, .columns = true, .taken = own});
    declared.key = table.text("key");
    for (const Field& field : declared.fields) {
      if (!field.prefill.empty())
        table.fault("prefill", field.name, "no prefill here: forms of cases are offered what registers say");
    }
    const Field* key = declared.field(declared.key);
    if (key == nullptr || !key->required || !key->type->attributes().key || key->personal())
      table.fault("key", declared.key,
                  "the name of a required field that is a text or a code, and not personal");
    read_party(table, declared);
    registers.push_back(std::move(declared));
  }
  return registers;
}

Json to_json(const Register& declared) {
  Json json = Json::object();
  json.set("name", declared.name).set("title_zh", declared.title.zh).set("title_en", declared.title.en);
  json.set("key", declared.key).set("geometry", declared.geometry);
  if (declared.is_of_parties()) json.set("party_title", declared.party_title);
  Json fields = Json::array();
  for (const Field& field : declared.fields) fields.push(fields::to_json(field));
  return json.set("fields", std::move(fields));
}

Register from_json(const Json& json) {
  Register declared;
  declared.name = json["name"].text();
  declared.title = {json["title_zh"].text(), json["title_en"].text()};
  declared.key = json["key"].text();
  declared.geometry = json["geometry"].text();
  declared.party_title = json.text_or("party_title", "");
  for (const Json& one : json["fields"].items()) declared.fields.push_back(fields::from_json(one));
  return declared;
}

}  // namespace qipan::registers
