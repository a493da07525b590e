#include "base/result.hpp"

namespace qipan {

tl::unexpected<Problem> refuse(Problem problem) {
  return tl::unexpected<Problem>(std::move(problem));
}

tl::unexpected<Problem> invalid(std::string_view code, std::string_view field, std::string_view value,
                                std::string_view rule, std::string_view remedy) {
  return refuse({Problem::Kind::invalid, code, field, shortened(value), rule, remedy});
}

}  // namespace qipan
