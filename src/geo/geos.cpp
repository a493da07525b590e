#include "geo/geos.hpp"

namespace qipan::geo {

GEOSContextHandle_t geos() {
  struct Context {
    GEOSContextHandle_t handle = GEOS_init_r();
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { GEOS_finish_r(handle); }
  };
  static thread_local const Context context;
  return context.handle;
}

}  // namespace qipan::geo
