#include "base/mail_address.hpp"
#include "fields/types/all.hpp"
#include "fields/types/coded.hpp"

namespace qipan::fields::types {

const Type* email() {
  static const Coded type(
      "email", is_mail_address, "邮箱地址 / a mail address",
      R"(^(?=.{3,120}$)[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+@(?!.*\.\.)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$)",
      false, Attributes::Personal::may);
  return &type;
}

}  // namespace qipan::fields::types
