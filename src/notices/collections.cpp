#include "notices/notices_engine.hpp"
#include "query/declare.hpp"

namespace qipan::notices {

/// The outbox, for who reads all of it; addresses are sealed.
std::vector<query::Collection> NoticesEngine::collections(Database&) const {
  using fields::Make;
  namespace types = fields::types;
  query::Declare notices({.name = "notice",
                          .title = {"通知", "Notices"},
                          .right = "notice",
                          .table = "notice_notices",
                          .called = "subject"});
  notices.has(Make("case_id", types::integer()).titled("事项编号", "Number of the case"))
      .has(Make("name", types::text()).titled("通知名称", "Notice"))
      .has(Make("channel", types::text()).titled("渠道", "Channel"))
      .has(Make("target", types::text()).titled("对象", "To whom"))
      .finds(Make("subject", types::text()).titled("主题", "Subject"))
      .has(Make("state", types::choice())
               .titled("状态", "State")
               .option("queued", "待发送", "queued")
               .option("sent", "已发送", "sent")
               .option("given_up", "已放弃", "given up")
               .option("unaddressed", "无收件地址", "nobody has an address"))
      .has(Make("attempts", types::integer()).titled("发送次数", "Attempts"))
      .has(Make("queued_at", types::instant()).titled("生成时间", "Queued"))
      .has(Make("finished_at", types::instant()).titled("结束时间", "Finished"))
      .has(Make("told", types::text()).titled("回执", "What the other side said"), "''");
  return {notices.made()};
}

}  // namespace qipan::notices
