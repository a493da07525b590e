#!/usr/bin/env bash
# Runs a command unless it has passed before with the same content: the programs it names, the other inputs, the settings, and the command
# itself. What it said of its cases is then said again. FRESH=1 runs it in any case; a fresh clone has nothing kept.
#   tools/once.sh NAME [INPUT FILE OR FOLDER]... -- COMMAND [WORD]...
set -uo pipefail
cd "$(dirname "$0")/.."
name=$1 inputs=()
shift
while [ "$1" != -- ]; do inputs+=("$1") && shift; done
shift
# Of the shared folder only names, sizes and times: it is large.
key=$({
  printf '%s\n' "$@"
  env | grep -E '^(QIPAN|FUZZ|GTEST|SIZES|RUNS|CASES|REQUESTS|STREAMS|MANY|WORKERS|RC_|[A-Z]+SAN_OPTIONS|TZ|LC_|LANG)' | sort
  # Libraries, the browser, and what serves the tests.
  dpkg-query -W 2>/dev/null
  find "${inputs[@]}" packs examples tests tools bench web/package-lock.json -type f ! -name '*.cpp' ! -name '*.hpp' -print0 | sort -zu | xargs -0 sha256sum
  [ -z "${QIPAN_SHARED:-}" ] || find -L "$QIPAN_SHARED" -type f -printf '%p %s %T@\n' | sort
} | sha256sum | cut -d' ' -f1)
kept=build/passed/$name
mkdir -p build/passed
if [ -z "${FRESH:-}" ] && [ "$(head -1 "$kept" 2>/dev/null)" = "$key" ]; then
  echo "$name: passed before with the same content"
  tail -n +2 "$kept"
  exit 0
fi
rm -f "$kept"
"$@" 2>&1 | tee "$kept.log"
result=${PIPESTATUS[0]}
if [ "$result" = 0 ]; then
  { echo "$key" && grep -aE 'PASSED|SKIPPED|[0-9] passed|passed [0-9]|simulator|kills:|deadlines reasoned|vectors|ran, nothing|scenarios|steps and page states|^fuzz ' "$kept.log"; } >"$kept"
fi
rm -f "$kept.log"
exit "$result"
