#!/usr/bin/env bash
# Runs the parts of `make test` one after the other, goes on after a failure, and ends with a table of what ran, how many cases and how long.
#   tools/test.sh [PART]...     build unit packs threads fuzz shared pages bench; all without arguments
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/parts
rm -f build/parts/*
shared=${QIPAN_SHARED:-}

build() {
  # The pages are made beside the programs: they mostly wait for the registry.
  tools/web.sh >build/web.log 2>&1 &
  local web=$!
  cmake --preset release >/dev/null && cmake --build --preset release --target qipan &&
    cmake --preset checked >/dev/null && cmake --build --preset checked
  local built=$?
  # The part `pages` makes them again, and fails by itself.
  wait "$web" || echo "the pages were not made: see build/web.log"
  return $built
}
unit() {
  clang-format-16 --dry-run -Werror $(git ls-files '*.cpp' '*.hpp') && ctest --preset checked -j 2 || return 1
  grep -hE 'PASSED|SKIPPED|simulator|kills:|deadlines reasoned|vectors' build/checked/Testing/Temporary/LastTest.log
}
packs() {
  local qipan=build/checked/qipan
  $qipan check packs/grid-events packs/jianghai packs/air-quality --refold-each-step && $qipan check packs/reports-archive &&
    $qipan check examples/packs/lamps packs/base --refold-each-step && $qipan check examples/packs/subsidy packs/base
}
threads() {
  cmake --preset tsan >/dev/null && cmake --build --preset tsan --target test_board test_face &&
    QIPAN_SEEDS=30 build/tsan/tests/test_board && build/tsan/tests/test_face
}
fuzz() { FUZZ_SECONDS=${FUZZ_SECONDS:-10} tools/fuzz.sh; }
shared() {
  tools/reports_check.sh build/checked/qipan "$shared" && tools/tck_check.sh build/checked/tests/tck "$shared" &&
    tools/observations_check.sh build/checked/qipan "$shared"
}
pages() { tools/web.sh && tools/pages.sh build/checked/qipan; }
bench() {
  QIPAN=build/checked/qipan SIZES="0 1000" RUNS=1 CASES=300 bench/run.sh &&
    QIPAN=build/checked/qipan RUNS=1 REQUESTS=20 STREAMS=100 MANY=1000 bench/observe.sh
}

# What a part's own output says of how many cases it held.
cases_of() {
  sed -nE 's/.*\[  PASSED  \] ([0-9]+) tests?.*/\1/p; s/^ *([0-9]+) passed.*/\1/p; s/^reports check: ([0-9]+) passed.*/\1/p
    s/^passed ([0-9]+) of .*/\1/p; s/^fuzzers: ([0-9]+) ran.*/\1/p; s/^[0-9]+ packs, ([0-9]+) scenarios.*/\1/p; s/^browser [a-z]+: ([0-9]+) steps.*/\1/p; s/^TCK passed ([0-9]+) of.*/\1/p' "$1" |
    awk '{ n += $1 } END { print n + 0 }'
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(build unit packs threads fuzz shared pages bench)
failed=() table=()
all_begin=$SECONDS
for part in "${parts[@]}"; do
  echo "== $part"
  begin=$SECONDS
  if "$part" 2>&1 | tee "build/parts/$part.log"; then result=passed; else result=FAILED && failed+=("$part"); fi
  table+=("$(printf '%-8s %-7s %5s s %6s cases' "$part" "$result" "$((SECONDS - begin))" "$(cases_of "build/parts/$part.log")")")
  # Without a build there is nothing to run.
  [ "$part:$result" = build:FAILED ] && break
done
echo
printf '%s\n' "${table[@]}"
if [ ${#failed[@]} -gt 0 ]; then
  # What failed, once more: the top of a long log is not seen where it is only read from its end.
  for part in "${failed[@]}"; do
    echo "== $part: what failed"
    grep -nE 'FAILED|Failure|failed:|error:|Error|expected|actual|✘|unexpected' "build/parts/$part.log" | cut -c1-300 | head -40
  done
  echo "FAILED after $((SECONDS - all_begin)) s: ${failed[*]} (build/parts/*.log)"
  exit 1
fi
echo "all tests passed in $((SECONDS - all_begin)) s"
