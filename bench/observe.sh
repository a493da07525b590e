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
source bench/lib.sh
offset=0

# district NAME STREAMS: makes one and serves it; sets data, first, server and port
district() {
  data=$folder/$1
  "$qipan" init --data "$data" --pack packs/grid-events packs/jianghai packs/air-quality --demo-password qipan-demo --json >/dev/null 2>&1
  first=$("$qipan" bench streams --data "$data" --streams "$2" --json 2>/dev/null | field first)
  open_server "$data"
}

# measure WHAT REQUESTS OPTIONS...: several runs beside their floor
measure() {
  local what=$1 count=$2 rates=() ratios=() memory_ratios=() p99=() answer from
  shift 2
  for _ in $(seq "$runs"); do
    from=$(curl -s "http://127.0.0.1:$port/healthz" | field position)
    answer=$("$qipan" bench observe --port "$port" --login admin --requests "$count" --first "$first" --offset "$offset" --json "$@")
    offset=$((offset + 100000))
    rates+=("$(echo "$answer" | field observations_a_second)") p99+=("$(echo "$answer" | field p99_us)")
    floor=$("$qipan" bench observe-floor --data "$data" --from "$from" --json | field observations_a_second)
    ratios+=("$((1000 * ${rates[-1]} / floor))")
    floor=$("$qipan" bench observe-floor --data "$data" --from "$from" --floor-dir /dev/shm --json | field observations_a_second)
    memory_ratios+=("$((1000 * ${rates[-1]} / floor))")
  done
  echo "$what: median $(printf '%s\n' "${rates[@]}" | median) observations/s, $(printf '%s\n' "${ratios[@]}" | median) thousandths of the floor on this disk, $(printf '%s\n' "${memory_ratios[@]}" | median) on a memory disk, p99 of a request $(printf '%s\n' "${p99[@]}" | median) us"
}

district one "$streams"
measure "arrays of 1,000 values of one stream, $streams streams" "$requests" --values 1000 --streams "$streams"
measure "arrays with one value of each of $streams streams" "$requests" --values "$streams" --streams "$streams" --spread
measure "one value a request" "$((requests * 5))" --values 1 --streams "$streams"
echo "  memory at most $(($(awk '/VmHWM/ {print $2}' "/proc/$server/status") / 1024)) MB"
close_server
district many "$many"
measure "one value each for $many streams, 1,000 a request" "$((many / 1000))" --values 1000 --streams "$many" --spread
close_server
district bytes "$streams"
close_server
before=$(stat -c %s "$data/district.db")
open_server "$data" "$port"
"$qipan" bench observe --port "$port" --login admin --requests "$requests" --first "$first" --values 1000 --streams "$streams" --json >/dev/null
close_server
after=$(stat -c %s "$data/district.db")
python3 -c "print(f'disk: {($after - $before) / ($requests * 1000):.1f} bytes a stored observation, log, chunks and hourly sums together')"
