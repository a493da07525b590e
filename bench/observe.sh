#!/usr/bin/env bash
# Observations over HTTP, durable, with the limits of packs/air-quality on, each beside its floor in the same run: arrays of a thousand values of one
# stream, arrays with one value of each of a thousand streams, one value a request, and one value each for a hundred thousand streams. Then what a
# stored observation takes on disk. RUNS, REQUESTS, STREAMS and MANY make it smaller: CI runs RUNS=1 REQUESTS=20 STREAMS=100 MANY=1000, untimed.
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${QIPAN:-build/release/qipan}
runs=${RUNS:-5}
requests=${REQUESTS:-2000}
streams=${STREAMS:-1000}
many=${MANY:-100000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
median() { sort -n | awk '{a[NR]=$1} END {print (NR%2) ? a[(NR+1)/2] : int((a[NR/2]+a[NR/2+1])/2)}'; }
field() { python3 -c "import json,sys; print(json.load(sys.stdin)['$1'])"; }
offset=0

# district NAME STREAMS: makes one and serves it; sets data, first, server and port
district() {
  data=$folder/$1
  "$qipan" init --data "$data" --pack packs/grid-events packs/jianghai packs/air-quality --demo-password qipan-demo --json >/dev/null 2>&1
  first=$("$qipan" bench streams --data "$data" --streams "$2" --json 2>/dev/null | field first)
  "$qipan" serve --data "$data" --port 0 >"$folder/serve.log" 2>&1 &
  server=$!
  until grep -q ready "$folder/serve.log"; do sleep 0.02; done
  port=$(sed -n 's/.*ready at .*:\([0-9]*\)$/\1/p' "$folder/serve.log")
}
close() { kill -TERM "$server" && wait "$server" || true; }

# measure WHAT REQUESTS OPTIONS...: several runs beside their floor
measure() {
  local what=$1 count=$2 rates=() ratios=() p99=() answer from
  shift 2
  for _ in $(seq "$runs"); do
    from=$(curl -s "http://localhost:$port/healthz" | field position)
    answer=$("$qipan" bench observe --port "$port" --login admin --requests "$count" --first "$first" --offset "$offset" --json "$@")
    offset=$((offset + 100000))
    rates+=("$(echo "$answer" | field observations_a_second)") p99+=("$(echo "$answer" | field p99_us)")
    floor=$("$qipan" bench observe-floor --data "$data" --from "$from" --json | field observations_a_second)
    ratios+=("$((1000 * ${rates[-1]} / floor))")
  done
  echo "$what: median $(printf '%s\n' "${rates[@]}" | median) observations/s, $(printf '%s\n' "${ratios[@]}" | median) thousandths of the floor, p99 of a request $(printf '%s\n' "${p99[@]}" | median) us"
}

district one "$streams"
measure "arrays of 1,000 values of one stream, $streams streams" "$requests" --values 1000 --streams "$streams"
measure "arrays with one value of each of $streams streams" "$requests" --values "$streams" --streams "$streams" --spread
measure "one value a request" "$((requests * 5))" --values 1 --streams "$streams"
echo "  memory at most $(($(awk '/VmHWM/ {print $2}' "/proc/$server/status") / 1024)) MB"
close
district many "$many"
measure "one value each for $many streams, 1,000 a request" "$((many / 1000))" --values 1000 --streams "$many" --spread
close
district bytes "$streams"
close
before=$(stat -c %s "$data/district.db")
"$qipan" serve --data "$data" --port "$port" >"$folder/serve.log" 2>&1 &
server=$!
until grep -q ready "$folder/serve.log"; do sleep 0.02; done
"$qipan" bench observe --port "$port" --login admin --requests "$requests" --first "$first" --values 1000 --streams "$streams" --json >/dev/null
close
after=$(stat -c %s "$data/district.db")
python3 -c "print(f'disk: {($after - $before) / ($requests * 1000):.1f} bytes a stored observation, log, chunks and hourly sums together')"
