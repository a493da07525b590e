#!/usr/bin/env bash
# Makes a fresh made-up district in .demo, invents its last fifteen days, and serves it. PORT, LIVE_SECONDS as variables.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf .demo
build/release/qipan init --data .demo --pack packs/grid-events packs/jianghai packs/air-quality packs/jianghai-enterprises packs/data-errors --origin qipan.example/jianghai \
  --title-zh '江海区' --title-en 'Jianghai' --demo-password qipan-demo --founded "$(date -u -d '-16 days' +%Y-%m-%dT%H:%M:%SZ)"
exec build/release/qipan demo --data .demo --web web/dist --map examples/maps/jianghai.geojsonl --port "${PORT:-8080}" --live-seconds "${LIVE_SECONDS:-30}" \
  --air examples/observations/beijing-sample.csv --air-map examples/observations/prsa.toml "$@"
