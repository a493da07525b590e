#pragma once

#include <string>

namespace qipan {

/// Text in both of the product's languages.
struct Title {
  std::string zh;
  std::string en;
  bool operator==(const Title&) const = default;
};

}  // namespace qipan
