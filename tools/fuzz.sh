#!/usr/bin/env bash
# Runs every fuzzer, two at a time, of build/checked for FUZZ_SECONDS; seeds come from tests/fuzz/seeds/<name>.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-10}
fuzz() {
  local name=${1##*/fuzz_} seeds
  local corpus=build/checked/corpus/$name
  mkdir -p "$corpus"
  seeds=tests/fuzz/seeds/$name
  [ -d "$seeds" ] || seeds=
  "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -max_len=20000 -print_final_stats=0 -verbosity=0 \
    -artifact_prefix="build/checked/$name-" "$corpus" $seeds || { echo "fuzz $name: FOUND SOMETHING, see build/checked/$name-*"; return 255; }
  echo "fuzz $name: $2 s, $(ls "$corpus" | wc -l) inputs kept"
}
export -f fuzz
mapfile -t fuzzers < <(find build/checked/tests -maxdepth 1 -name 'fuzz_*' -type f | sort)
printf '%s\n' "${fuzzers[@]}" | xargs -P 2 -I FUZZER bash -c 'tools/once.sh "fuzz-${1##*/fuzz_}" "$1" -- bash -c "fuzz $1 $2"' - FUZZER "$seconds"
echo "fuzzers: ${#fuzzers[@]} ran, now or before with the same content; nothing found"
