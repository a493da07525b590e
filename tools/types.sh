#!/usr/bin/env bash
# The client's types of what the API asks and answers, made from the API's own description.
#   tools/types.sh QIPAN            writes web/src/api-schema.ts
#   tools/types.sh QIPAN --check    tells whether it is as it would be written
set -euo pipefail
cd "$(dirname "$0")/.."
kept=web/src/api-schema.ts
made=$(mktemp --suffix=.ts)
described=$(mktemp --suffix=.json)
trap 'rm -f "$made" "$described"' EXIT
"$1" openapi >"$described"
export PATH="$PWD/web/node_modules/.bin:$PATH"
node web/node_modules/openapi-typescript/bin/cli.js "$described" --output "$made" --alphabetize >/dev/null
if [ "${2:-}" = --check ]; then
  diff -u "$kept" "$made" >/dev/null || { echo "$kept is not what the API describes: run tools/types.sh $1"; exit 1; }
else
  cp "$made" "$kept"
fi
