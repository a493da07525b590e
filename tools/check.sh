#!/usr/bin/env bash
# Checks what a change touches, in minutes: formatting, tidy test, clang-tidy of changed files, the tests of changed folders, packs, types
# of the pages. The change is what differs from BASE (HEAD~1 without a word) and what is not committed.
set -euo pipefail
cd "$(dirname "$0")/.."
base=${BASE:-$(git rev-parse --verify -q HEAD~1)}
changed=$( (git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard) | sort -u)
[ -n "$changed" ] || { echo "check: nothing changed since $base"; exit 0; }
of() { echo "$changed" | grep -E "$1" || true; }
echo "check: $(echo "$changed" | wc -l) files changed since $(git rev-parse --short "$base")"
begin=$SECONDS
told() { echo "check: $1 ($((SECONDS - begin)) s)"; }

code=$(of '\.(cpp|hpp)$')
[ -z "$code" ] || clang-format-16 --dry-run -Werror $code
told "formatting"

cmake --preset checked >/dev/null
targets=(test_tidy)
for folder in $(of '^(src|tests)/.*\.(cpp|hpp|toml|json|txt)$' | cut -d/ -f2 | sort -u); do
  [ "$folder" = tidy ] || [ "$folder" = fault ] || ! ls tests/"$folder"/*_test.cpp >/dev/null 2>&1 || targets+=("test_$folder")
done
# What an engine declares is held by fixtures, by the API's recorded traffic and by the client's types, wherever it lies.
engines=$(of '^src/(units|registers|sensing|cases|rules|notices|cmd/engines)|^src/[a-z]+/[a-z_]*engine')
[ -z "$engines" ] || for target in test_board test_face; do
  [[ " ${targets[*]} " == *" $target "* ]] || targets+=("$target")
done
packs=$(of '^(examples/)?packs/' | sed -E 's#^(examples/packs/[^/]+|packs/[^/]+).*#\1#' | sort -u)
[ -n "$packs" ] && targets+=(qipan)
cmake --build --preset checked --target "${targets[@]}" | tail -1
for target in "${targets[@]}"; do
  [ "$target" = qipan ] && continue
  # The simulators' thousand seeds are for `make test`.
  QIPAN_SEEDS=${QIPAN_SEEDS:-20} build/checked/tests/"$target" --gtest_brief=1
done
told "tests: ${targets[*]}"

for pack in $packs; do
  case $pack in
    packs/*) build/checked/qipan check "$pack" ;;
    *) build/checked/qipan check "$pack" packs/base ;;
  esac
done
[ -z "$packs" ] || told "packs"

sources=$(of '^src/.*\.cpp$')
if [ -n "$sources" ]; then
  cmake --preset dev >/dev/null
  most=${TIDY_MAX:-12}
  [ "$(echo "$sources" | wc -l)" -le "$most" ] || echo "check: clang-tidy looks at the first $most of $(echo "$sources" | wc -l) files; make tidy looks at all"
  echo "$sources" | head -"$most" | xargs -P 2 -n 2 clang-tidy-16 -p build/dev --quiet 2>/dev/null
  told "clang-tidy"
fi

if [ -n "$engines" ]; then
  TYPES_ONLY=1 tools/web.sh
  cmake --build --preset checked --target qipan | tail -1
  tools/types.sh build/checked/qipan --check
  told "types of the client"
fi
if [ -n "$(of '^web/')" ]; then
  TYPES_ONLY=1 tools/web.sh
  told "types of the pages"
fi
echo "check: all passed in $((SECONDS - begin)) s"
