#!/usr/bin/env bash
# A steady 10,000 observations a second for SECONDS (an hour), and the server's memory and file on the way.
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${QIPAN:-build/release/qipan}
seconds=${SECONDS_TO_RUN:-3600}
source bench/lib.sh
"$qipan" init --data "$folder/d" --pack packs/grid-events packs/jianghai packs/air-quality --demo-password qipan-demo --json >/dev/null 2>&1
first=$("$qipan" bench streams --data "$folder/d" --streams 1000 --json 2>/dev/null | field first)
open_server "$folder/d"
(while kill -0 $server 2>/dev/null; do
  echo "memory $(($(awk '/VmRSS/ {print $2}' /proc/$server/status) / 1024)) MB, file $(($(stat -c %s "$folder/d/district.db") / 1048576)) MB"
  sleep $((seconds / 12 + 1))
done) &
bench/feed.py --port "$port" --first "$first" --seconds "$seconds"
close_server
