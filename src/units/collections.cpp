#include "query/declare.hpp"
#include "units/units_engine.hpp"

namespace qipan::units {

/// Units are everybody's to find who is known, as all that they see is of some.
std::vector<query::Collection> UnitsEngine::collections(Database&) const {
  using fields::Make;
  namespace types = fields::types;
  query::Declare units(
      {.name = "unit", .title = {"单位与区划", "Units"}, .table = "unit_units", .called = "title_zh"});
  units.finds(Make("code", types::text()).titled("代码", "Code"))
      .has(Make("kind", types::choice())
               .titled("类别", "Kind")
               .option("district", "区", "district")
               .option("street", "街道", "street")
               .option("community", "社区", "community")
               .option("grid", "网格", "grid")
               .option("department", "部门", "department"))
      .finds(Make("title_zh", types::text()).titled("名称", "Title in Chinese"))
      .finds(Make("title_en", types::text()).titled("英文名称", "Title in English"))
      .finds(Make("former", types::text()).titled("曾用名", "Called before"), "''")
      .of_unit(Make("parent", types::text()).titled("上级", "Above it"))
      .has(Make("calendar", types::text()).titled("工作日历", "Calendar"), "''")
      .has(Make("retired", types::boolean()).titled("已撤销", "Retired"));
  // What they are called at the office; their names and numbers are sealed.
  query::Declare people({.name = "person",
                         .title = {"人员", "People"},
                         .right = "person",
                         .table = "unit_people",
                         .called = "title_zh",
                         .units = {"unit"}});
  people.finds(Make("login", types::text()).titled("登录名", "Login"))
      .finds(Make("title_zh", types::text()).titled("称谓", "Title in Chinese"))
      .finds(Make("title_en", types::text()).titled("英文称谓", "Title in English"))
      .of_unit(Make("unit", types::text()).titled("所在单位", "Unit"))
      .has(Make("active", types::boolean()).titled("在用", "Active"));
  // A role at a unit: whoever holds it, what refers to it goes on.
  query::Declare posts({.name = "unit_post",
                        .title = {"岗位", "Posts"},
                        .right = "person",
                        .table = "unit_post_numbers",
                        .called = "title_zh",
                        .units = {"unit"}});
  const auto titled = [&](const char* name, const fields::Field& field) {
    posts.has(field);
    posts.collection().properties.back().sql =
        "(SELECT r." + std::string(name) + " FROM unit_roles r WHERE r.name=role)";
  };
  posts.has(Make("role", types::text()).titled("角色", "Role"));
  titled("title_zh", Make("title_zh", types::text()).titled("名称", "Title in Chinese"));
  titled("title_en", Make("title_en", types::text()).titled("英文名称", "Title in English"));
  posts.of_unit(Make("unit", types::text()).titled("所在单位", "Unit"));
  return {units.made(), people.made(), posts.made()};
}

}  // namespace qipan::units
