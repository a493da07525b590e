#!/usr/bin/env bash
# Builds the pages into web/dist with the Node that web/package.json brings; does nothing when they are newer than their source.
set -euo pipefail
cd "$(dirname "$0")/../web"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "web: installing packages"
  npm ci --no-audit --no-fund --loglevel=error
fi
export PATH="$PWD/node_modules/.bin:$PATH"
if [ -n "${TYPES_ONLY:-}" ]; then exec node node_modules/vue-tsc/bin/vue-tsc.js --noEmit; fi
if [ ! -f dist/index.html ] || [ -n "$(find src public index.html vite.config.ts package-lock.json -newer dist/index.html -print -quit)" ]; then
  node node_modules/vue-tsc/bin/vue-tsc.js --noEmit
  node node_modules/vite/bin/vite.js build --logLevel warn
  touch dist/index.html
fi
