#!/usr/bin/env bash
# Runs the parts of `make test` one after the other, goes on after a failure, and ends with a table of what ran, how many cases and how long.
#   tools/test.sh [PART]...     build unit packs threads fuzz shared pages bench; all without arguments
set -uo pipefail
cd "$(dirname "$0")/.."

rm -rf build/parts && mkdir -p build/parts
shared=${QIPAN_SHARED:-}

# What is found tells where memory was taken by five frames, for a fifth less time; `ASAN_OPTIONS= make test` tells them all.
export ASAN_OPTIONS=${ASAN_OPTIONS-malloc_context_size=5}
checked=build/checked/qipan
once() { tools/once.sh "$@"; }

build() {
  # The pages are made beside the programs: they mostly wait for the registry.
  tools/web.sh >build/web.log 2>&1 &
  local web=$!
  cmake --preset release >/dev/null && cmake --build --preset release --target qipan test_board test_fault micro decide timers &&
    cmake --preset checked >/dev/null && cmake --build --preset checked
  local built=$?
  # The part `pages` makes them again, and fails by itself.
  wait "$web" || echo "the pages were not made: see build/web.log"
  return $built
}
# The simulators play all their seeds on the release build, as it is shipped, and a quarter of them again under the sanitizers.
unit() {
  clang-format-16 --dry-run -Werror $(git ls-files '*.cpp' '*.hpp') || return 1
  QIPAN_SEEDS=${QIPAN_SEEDS:-250} QIPAN_ENGINE_SEEDS=${QIPAN_ENGINE_SEEDS:-250} ctest --preset checked -j 2
  local first=$?
  ctest --preset release -j 2 -R '^(board|fault_.*)$'
  local second=$?
  [ $first = 0 ] && [ $second = 0 ] || return 1
  grep -hE 'PASSED|SKIPPED|simulator|kills:|deadlines reasoned|vectors|schemas:|passed before' build/{checked,release}/Testing/Temporary/LastTest.log
}
packs() {
  once packs $checked -- bash -ec "
    $checked check packs/grid-events packs/jianghai packs/air-quality packs/jianghai-enterprises --refold-each-step
    $checked check packs/reports-archive
    $checked check examples/packs/lamps packs/base --refold-each-step
    $checked check examples/packs/subsidy packs/base"
}
threads() {
  cmake --preset tsan >/dev/null && cmake --build --preset tsan --target test_board test_face &&
    QIPAN_SEEDS=30 once threads-board build/tsan/tests/test_board -- build/tsan/tests/test_board &&
    once threads-face build/tsan/tests/test_face -- build/tsan/tests/test_face
}
fuzz() { FUZZ_SECONDS=${FUZZ_SECONDS:-10} tools/fuzz.sh; }
shared() {
  once reports $checked -- tools/reports_check.sh $checked "$shared" &&
    once tck build/checked/tests/tck -- tools/tck_check.sh build/checked/tests/tck "$shared" &&
    once observations $checked -- tools/observations_check.sh $checked "$shared" &&
    once schema-suite tools/schema_check.py -- /usr/bin/python3 tools/schema_check.py --suite "$shared/vectors/json-schema-test-suite"
}
pages() { tools/web.sh && once pages $checked build/release/qipan web/dist web/tests web/playwright.config.mjs -- tools/pages.sh $checked; }
# That the benches work, in small; what they measure is the program as it is shipped.
bench() {
  SIZES="0 1000" RUNS=1 CASES=300 once bench-cases build/release/qipan web/dist -- bench/run.sh &&
    RUNS=1 REQUESTS=20 STREAMS=100 MANY=1000 once bench-observations build/release/qipan web/dist -- bench/observe.sh
}

# What a part's own output says of how many cases it held.
cases_of() {
  sed -nE 's/.*\[  PASSED  \] ([0-9]+) tests?.*/\1/p; s/^ *([0-9]+) passed.*/\1/p; s/^reports check: ([0-9]+) passed.*/\1/p
    s/^passed ([0-9]+) of .*/\1/p; s/^fuzzers: ([0-9]+) ran.*/\1/p; s/^[0-9]+ packs, ([0-9]+) scenarios.*/\1/p; s/^browser [a-z]+: ([0-9]+) steps.*/\1/p; s/^TCK passed ([0-9]+) of.*/\1/p; s/^JSON Schema test suite.*passed ([0-9]+) of.*/\1/p' "$1" |
    awk '{ n += $1 } END { print n + 0 }'
}

failed=() table=()
all_begin=$SECONDS
# Runs a part; leaves its result and its seconds beside its log.
run() {
  local begin=$SECONDS result=FAILED
  "$1" 2>&1 | tee "build/parts/$1.log" && result=passed
  echo "$result $((SECONDS - begin))" >"build/parts/$1.result"
}
tell() {
  local result seconds
  read -r result seconds <"build/parts/$1.result"
  [ "$result" = passed ] || failed+=("$1")
  table+=("$(printf '%-8s %-7s %5s s %6s cases' "$1" "$result" "$seconds" "$(cases_of "build/parts/$1.log")")")
}
# Parts that keep one core busy run two at a time, each lane taking the next: the longest first.
lanes() {
  local part
  for _ in 1 2; do
    (for part in "$@"; do mkdir "build/parts/$part.taken" 2>/dev/null && run "$part" >/dev/null; done) &
  done
  wait
  for part in "$@"; do rmdir "build/parts/$part.taken" && echo "== $part" && cat "build/parts/$part.log" && tell "$part"; done
}
one() { echo "== $1" && run "$1" && tell "$1"; }

if [ $# -gt 0 ]; then
  for part in "$@"; do
    one "$part"
    # Without a build there is nothing to run.
    [ "$part:${failed[*]}" = build:build ] && break
  done
else
  one build
  if [ ${#failed[@]} -eq 0 ]; then
    one unit
    lanes threads shared bench packs
    one fuzz
    one pages
  fi
fi
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
