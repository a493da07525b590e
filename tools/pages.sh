#!/usr/bin/env bash
# The real pages in Debian's Chromium, by Playwright's test runner in two workers; traces of what failed lie in build/pages.
#   tools/pages.sh QIPAN [WORDS FOR THE RUNNER]...     TRACE=1 keeps every step's page in them; SHOTS=1 leaves a picture of each state in build/screenshots; SHIPPED is the program that frames are timed with
set -euo pipefail
cd "$(dirname "$0")/.."
export QIPAN=$PWD/${1#"$PWD"/}
shift
export PATH="$PWD/web/node_modules/.bin:$PATH"
cd web
run() { node node_modules/@playwright/test/cli.js test "$@"; }
if [ $# -gt 0 ]; then
  run "$@"
  exit
fi
../tools/types.sh "$QIPAN" --check || exit 1
# What holds frames to a time runs alone, after the others, whatever became of them, and with the program as it is shipped.
failed=0
run reports board sensing administration login rules own collections weights tour || failed=1
QIPAN=$PWD/../${SHIPPED:-build/release/qipan} run many --workers=1 --output ../build/pages-many || failed=1
exit $failed
