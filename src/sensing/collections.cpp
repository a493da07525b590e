#include "query/declare.hpp"
#include "sensing/sensing_engine.hpp"

namespace qipan::sensing {

/// Things are entries of a register, and found as such.
std::vector<query::Collection> SensingEngine::collections(Database&) const {
  using fields::Make;
  namespace types = fields::types;
  const Make unit = Make("unit", types::text()).titled("管理单位", "Unit");
  const Make retired = Make("retired", types::boolean()).titled("已停用", "Retired");
  query::Declare streams({.name = "stream",
                          .title = {"数据流", "Streams"},
                          .right = "stream",
                          .table = "sensing_streams",
                          .called = "title_zh",
                          .units = {"unit"}});
  streams.finds(Make("code", types::text()).titled("编码", "Code"))
      .finds(Make("title_zh", types::text()).titled("名称", "Title in Chinese"))
      .finds(Make("title_en", types::text()).titled("英文名称", "Title in English"))
      .has(Make("thing", types::text()).titled("点位", "Thing"))
      .has(Make("property", types::text()).titled("监测因子", "Property"))
      .has(Make("kind", types::choice())
               .titled("值的类别", "Kind of values")
               .option("measurement", "测量值", "measurement")
               .option("count", "计数", "count")
               .option("truth", "是否", "true or false")
               .option("category", "类别", "category"))
      .has(Make("unit_symbol", types::text()).titled("计量单位", "Unit of measure"), "''")
      .of_unit(unit)
      .has(retired)
      .has(Make("created", types::instant()).titled("建立时间", "Declared"));
  query::Declare alarms({.name = "alarm",
                         .title = {"告警", "Alarms"},
                         .right = "alarm",
                         .table = "sensing_alarms",
                         .units = {"unit"}});
  alarms.has(Make("stream", types::integer()).titled("数据流编号", "Number of the stream"))
      .has(Make("limit_name", types::text()).titled("限值", "Limit"))
      .has(Make("state", types::choice())
               .titled("状态", "State")
               .option("pending", "待确认超限", "pending")
               .option("active", "告警中", "active")
               .option("cleared", "已恢复", "cleared"))
      .has(Make("since", types::instant()).titled("超限起始", "Since"))
      .has(Make("raised", types::instant()).titled("告警时间", "Raised"))
      .has(Make("cleared", types::instant()).titled("恢复时间", "Cleared"))
      .has(Make("value", types::text()).titled("监测值", "Value"), "''")
      .has(Make("threshold", types::text()).titled("限值数值", "Threshold"), "''")
      .has(Make("grade", types::integer()).titled("级别", "Grade"))
      .of_unit(unit)
      .has(Make("acknowledged_at", types::instant()).titled("确认时间", "Acknowledged"));
  return {streams.made(), alarms.made()};
}

}  // namespace qipan::sensing
