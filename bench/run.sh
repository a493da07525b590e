#!/usr/bin/env bash
# Case lifecycles over HTTP, durable, at 0, 100,000 and 1,000,000 cases, each beside its floor in the same run; then start, memory and
# fold speed. SIZES and RUNS make it smaller: CI runs SIZES="0 2000" RUNS=1 CASES=500, untimed.
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${QIPAN:-build/release/qipan}
sizes=${SIZES:-0 100000 1000000}
runs=${RUNS:-5}
cases=${CASES:-10000}
source bench/lib.sh
for size in $sizes; do
  data=$folder/d$size
  if [ ! -d "$data" ]; then
    "$qipan" init --data "$data" --pack packs/grid-events packs/jianghai --demo-password qipan-demo --json >/dev/null 2>&1
    [ "$size" -eq 0 ] || "$qipan" bench preload --data "$data" --cases "$size" 2>/dev/null
  fi
  rates=() ratios=() memory_ratios=()
  begin=$(date +%s%N)
  open_server "$data"
  start_ms=$((($(date +%s%N) - begin) / 1000000))
  idle_kb=$(awk '/VmRSS/ {print $2}' /proc/$server/status)
  for run in $(seq "$runs"); do
    from=$(curl -s "http://127.0.0.1:$port/healthz" | field position)
    answer=$("$qipan" bench load --port "$port" --cases "$cases" --json)
    rate=$(echo "$answer" | field cases_a_second)
    to=$(curl -s "http://127.0.0.1:$port/healthz" | field position)
    floor=$("$qipan" bench floor --data "$data" --from "$from" --json | field facts_a_second)
    memory_floor=$("$qipan" bench floor --data "$data" --from "$from" --floor-dir /dev/shm --json | field facts_a_second)
    facts=$(((to - from) * rate / cases))
    rates+=("$rate") ratios+=("$((1000 * facts / floor))") memory_ratios+=("$((1000 * facts / memory_floor))")
    echo "  at $size cases, run $run: $rate lifecycles/s ($facts facts/s), floor $floor facts/s on this disk, $memory_floor on a memory disk; p99 us: $(echo "$answer" | python3 -c "import json,sys; a=json.load(sys.stdin); print(', '.join(k[:-7]+' '+str(v) for k,v in a.items() if k.endswith('p99_us')))")"
  done
  busy_kb=$(awk '/VmHWM/ {print $2}' /proc/$server/status)
  close_server
  echo "at $size cases: median $(printf '%s\n' "${rates[@]}" | median) lifecycles/s; $(printf '%s\n' "${ratios[@]}" | median) thousandths of the floor on this disk, $(printf '%s\n' "${memory_ratios[@]}" | median) on a memory disk; start $start_ms ms; memory $((idle_kb / 1024)) MB idle, $((busy_kb / 1024)) MB at most"
done
last=$folder/d${sizes##* }
"$qipan" bench fold --data "$last"
begin=$(date +%s%N)
facts=$("$qipan" verify --data "$last" --json 2>/dev/null | field facts)
ms=$((($(date +%s%N) - begin) / 1000000))
echo "verify (pages, hashes, fold, comparison): $facts facts in $ms ms, $((facts * 1000 / ms)) facts/s"
