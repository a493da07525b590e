#!/usr/bin/env bash
# The real pages in Debian's Chromium, by Playwright's test runner in two workers; traces of what failed lie in build/pages.
#   tools/pages.sh QIPAN [WORDS FOR THE RUNNER]...
set -euo pipefail
cd "$(dirname "$0")/.."
export QIPAN=$PWD/${1#"$PWD"/}
shift
export PATH="$PWD/web/node_modules/.bin:$PATH"
cd web
exec node node_modules/@playwright/test/cli.js test "$@"
