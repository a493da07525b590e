#!/usr/bin/env bash
# Values of a thousand streams beside VictoriaMetrics, by turns in one run on one machine: it takes the same values as lines of JSON, without
# limits, permission or a log, and calls them stored before they are on disk. Its program comes from the Go module proxy, into a folder of its own;
# this needs a Go toolchain, and is no part of `make bench`.
#   bench/victoria.sh [RUNS]        PEER is a program that is built already; REQUESTS and STREAMS make it smaller
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${QIPAN:-build/release/qipan}
runs=${1:-3}
requests=${REQUESTS:-2000}
streams=${STREAMS:-1000}
source bench/lib.sh

if [ -z "${PEER:-}" ]; then
  made=$folder/made
  mkdir -p "$made"
  (cd "$made" && go mod init peer && go get github.com/VictoriaMetrics/VictoriaMetrics@v1.102.0 && go build -mod=mod -o peer github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics) >"$folder/peer.log" 2>&1 || { tail "$folder/peer.log" >&2; exit 1; }
  PEER=$made/peer
fi
"$PEER" -storageDataPath="$folder/peer-data" -httpListenAddr=127.0.0.1:8999 -retentionPeriod=10y >"$folder/peer-run.log" 2>&1 &
peer=$!
trap 'kill -TERM $peer 2>/dev/null && wait $peer; clean_up' EXIT
until curl -sf http://127.0.0.1:8999/health >/dev/null; do
  kill -0 "$peer" || { tail "$folder/peer-run.log" >&2; exit 1; }
  sleep 0.1
done

data=$folder/district
"$qipan" init --data "$data" --pack packs/grid-events packs/jianghai packs/air-quality --demo-password qipan-demo --json >/dev/null 2>&1
first=$("$qipan" bench streams --data "$data" --streams "$streams" --json 2>/dev/null | field first)
open_server "$data"
rate() { "$qipan" bench observe --requests "$requests" --first "$first" --streams "$streams" --json "$@" | field observations_a_second; }
turn=0
for shape in "--values $streams --spread" "--values 1000"; do
  ours=() theirs=()
  for _ in $(seq "$runs"); do
    turn=$((turn + 1))
    offset=$((turn * 100000))
    # shellcheck disable=SC2086
    ours+=("$(rate --port "$port" --login admin --offset $offset $shape)") theirs+=("$(rate --port 8999 --lines --offset $offset $shape)")
  done
  echo "$shape: ${ours[*]} observations/s here, ${theirs[*]} there; medians $(printf '%s\n' "${ours[@]}" | median) and $(printf '%s\n' "${theirs[@]}" | median)"
done
close_server
