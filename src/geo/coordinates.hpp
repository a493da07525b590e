#pragma once

#include <optional>
#include <string_view>

namespace qipan::geo {

/// In which places of files are told. CGCS2000, the nation's, is WGS 84 to some centimetres. GCJ-02 is what
/// maps sold in China are shifted to, by up to 700 m; BD-09 is Baidu's shift of that. Both are published by
/// nobody: the formulas are those that everybody uses; ways back are theirs undone, not the usual shortcuts.
enum class CoordinateSystem { wgs84, cgcs2000, gcj02, bd09 };

/// "wgs84", "cgcs2000", "gcj02", "bd09".
[[nodiscard]] std::optional<CoordinateSystem> coordinate_system_called(std::string_view name);

struct Degrees {
  double longitude = 0;
  double latitude = 0;
};
/// The same place in WGS 84. What lies outside the box of the shift (72.004 to 137.8347 east, 0.8293 to
/// 55.8271 north) is not shifted. Floating point: only while something is read, never in a fold.
[[nodiscard]] Degrees to_wgs84(Degrees place, CoordinateSystem from);
[[nodiscard]] Degrees from_wgs84(Degrees place, CoordinateSystem to);

}  // namespace qipan::geo
