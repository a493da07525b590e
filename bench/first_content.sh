#!/usr/bin/env bash
# How soon a phone on a slow network shows something: first contentful paint under Chromium's "Slow 4G" (1.6 Mbit/s down, 150 ms and more a request) and a processor four times as slow,
# against an empty page of the same server in the same run.   bench/first_content.sh [QIPAN]
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=${1:-build/release/qipan}
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
"$qipan" init --data "$folder/d" --pack packs/grid-events packs/jianghai packs/air-quality packs/jianghai-enterprises --demo-password qipan-demo >/dev/null
cp -r web/dist "$folder/web"
printf '<!doctype html><title>.</title><p>.</p>' >"$folder/web/empty.html"
"$qipan" serve --data "$folder/d" --web "$folder/web" --port 0 --no-limits --second-factor nobody >"$folder/told" &
server=$!
for _ in $(seq 100); do grep -q 'ready at' "$folder/told" && break; sleep 0.1; done
web/node_modules/.bin/node bench/first_content.mjs "$(sed -n 's/^ready at //p' "$folder/told")"
