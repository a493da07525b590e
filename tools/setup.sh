#!/usr/bin/env bash
# Installs what a bare Debian 12 lacks to build, test and run Qipan; says what; does nothing when all is there.
#   tools/setup.sh build    compiler, libraries, Node 22 (from npm)
#   tools/setup.sh test     also sanitizers' runtime, fuzzing compiler, Chromium and a CJK font
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(build-essential cmake ninja-build ccache mold pkg-config git ca-certificates curl python3 npm nodejs tzdata
  libboost1.81-dev libsimdjson-dev libfmt-dev libexpected-dev libhowardhinnant-date-dev libsodium-dev libssl-dev
  libtomlplusplus-dev libcli11-dev libsqlite3-dev libpugixml-dev libintelrdfpmath-dev libgtest-dev librapidcheck-dev
  libbenchmark-dev libcurl4-openssl-dev nlohmann-json3-dev libicu-dev libzxcvbn-dev liboath-dev libcjose-dev libjansson-dev
  libgeos-dev libprotozero-dev libxlsxwriter-dev libzip-dev libmagic-dev)
test_packages=(clang-16 python3-jsonschema clang-format-16 clang-tidy-16 libclang-rt-16-dev chromium fonts-wqy-microhei)

packages=("${build_packages[@]}")
[ "${1:-build}" = test ] && packages+=("${test_packages[@]}")

missing=()
for package in "${packages[@]}"; do
  # A tool that stands on the path already (Node by other means, say) counts as there.
  case "$package" in
    npm) command -v npm >/dev/null && continue ;;
    nodejs) command -v node >/dev/null && continue ;;
    python3) command -v python3 >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "setup: all packages are there"
fi
