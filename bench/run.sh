#!/usr/bin/env bash
# Case lifecycles over HTTP, durable, at 0, 100,000 and 1,000,000 cases, each beside its floor in the same run; then start, memory and
# fold speed. SIZES and RUNS make it smaller: CI runs SIZES="0 2000" RUNS=1 CASES=500, untimed.
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${QIPAN:-build/release/qipan}
sizes=${SIZES:-0 100000 1000000}
runs=${RUNS:-5}
cases=${CASES:-10000}
folder=${BENCH_DIR:-$(mktemp -d)}
median() { sort -n | awk '{a[NR]=$1} END {print (NR%2) ? a[(NR+1)/2] : int((a[NR/2]+a[NR/2+1])/2)}'; }
field() { python3 -c "import json,sys; print(json.load(sys.stdin)['$1'])"; }
for size in $sizes; do
  data=$folder/d$size
  if [ ! -d "$data" ]; then
    "$qipan" init --data "$data" --pack packs/grid-events packs/jianghai --demo-password qipan-demo --json >/dev/null 2>&1
    [ "$size" -eq 0 ] || "$qipan" bench preload --data "$data" --cases "$size" 2>/dev/null
  fi
  rates=() floors=() ratios=()
  begin=$(date +%s%N)
  "$qipan" serve --data "$data" --port 0 >"$folder/serve.log" 2>&1 &
  server=$!
  until grep -q ready "$folder/serve.log"; do sleep 0.02; done
  start_ms=$((($(date +%s%N) - begin) / 1000000))
  idle_kb=$(awk '/VmRSS/ {print $2}' /proc/$server/status)
  port=$(sed -n 's/.*ready at .*:\([0-9]*\)$/\1/p' "$folder/serve.log")
  for run in $(seq "$runs"); do
    from=$(curl -s "http://localhost:$port/healthz" | field position)
    answer=$("$qipan" bench load --port "$port" --cases "$cases" --json)
    rate=$(echo "$answer" | field cases_a_second)
    to=$(curl -s "http://localhost:$port/healthz" | field position)
    floor=$("$qipan" bench floor --data "$data" --from "$from" --json | field facts_a_second)
    facts=$(((to - from) * rate / cases))
    rates+=("$rate") floors+=("$floor") ratios+=("$((1000 * facts / floor))")
    echo "  at $size cases, run $run: $rate lifecycles/s ($facts facts/s), floor $floor facts/s; p99 us: $(echo "$answer" | python3 -c "import json,sys; a=json.load(sys.stdin); print(', '.join(k[:-7]+' '+str(v) for k,v in a.items() if k.endswith('p99_us')))")"
  done
  busy_kb=$(awk '/VmHWM/ {print $2}' /proc/$server/status)
  kill -TERM $server && wait $server || true
  echo "at $size cases: median $(printf '%s\n' "${rates[@]}" | median) lifecycles/s; $(printf '%s\n' "${ratios[@]}" | median) thousandths of the floor; start $start_ms ms; memory $((idle_kb / 1024)) MB idle, $((busy_kb / 1024)) MB at most"
done
last=$folder/d${sizes##* }
begin=$(date +%s%N)
facts=$("$qipan" verify --data "$last" --json 2>/dev/null | field facts)
ms=$((($(date +%s%N) - begin) / 1000000))
echo "verify (hash and fold): $facts facts in $ms ms, $((facts * 1000 / ms)) facts/s"
[ -n "${BENCH_DIR:-}" ] || rm -rf "$folder"
