#!/usr/bin/env bash
# Questions of a million entries beside PostgreSQL with the same rows and indexes, one after the other on the same machine.
#   bench/query.sh [ENTRIES]     needs Debian's postgresql; RUNS=20 questions of each kind there
set -euo pipefail
cd "$(dirname "$0")/.."
entries=${1:-1000000}
runs=${RUNS:-20}
work=$(mktemp -d)
cmake --preset release >/dev/null && cmake --build --preset release --target query >/dev/null
build/release/bench/query "$work" "$entries" >"$work/ours.json"

bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
chmod 755 "$work"
mkdir "$work/peer" && chown postgres "$work/peer"
as_peer() { (cd / && runuser -u postgres -- "$@"); }
stop() {
  as_peer "$bin/pg_ctl" -D "$work/peer" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap stop EXIT
as_peer "$bin/initdb" -D "$work/peer" --locale=C.UTF-8 >/dev/null
as_peer "$bin/pg_ctl" -D "$work/peer" -w -o "-p 54329 -k $work/peer -c listen_addresses= -c shared_buffers=512MB -c work_mem=64MB -c jit=off" -l "$work/peer/log" start >/dev/null
ask() { as_peer psql -h "$work/peer" -p 54329 -d postgres -qAt "$@"; }
ask <<SQL
CREATE TABLE shops(id bigint PRIMARY KEY, unit int, x int, y int, code text, title text COLLATE "C", level text, opened date, turnover bigint);
\copy shops FROM '$work/rows.csv' CSV
CREATE UNIQUE INDEX ON shops(code);
CREATE INDEX ON shops(opened);
CREATE INDEX ON shops(title);
CREATE INDEX ON shops(title COLLATE "zh-x-icu");
VACUUM ANALYZE shops;
SQL
median() { # of RUNS times of one statement
  (echo '\timing on' && echo '\o /dev/null' && for _ in $(seq "$runs"); do echo "$1;"; done) >"$work/ask.sql"
  ask -f "$work/ask.sql" | sed -nE 's/^Time: ([0-9.]+) ms.*/\1/p' | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}
# In the order of bench/query.cpp.
questions=(
  "SELECT * FROM shops ORDER BY id LIMIT 50"
  "SELECT * FROM shops ORDER BY opened DESC, id DESC LIMIT 50"
  "SELECT * FROM shops WHERE level='A' ORDER BY opened DESC, id DESC LIMIT 50"
  "SELECT * FROM shops WHERE code='S0007919'"
  "SELECT * FROM shops ORDER BY title COLLATE \"zh-x-icu\", id LIMIT 50"
  "SELECT * FROM shops WHERE title LIKE '利民%' ORDER BY title COLLATE \"zh-x-icu\", id LIMIT 50"
  "SELECT * FROM shops WHERE turnover>50000000 AND title LIKE '%药店%' ORDER BY turnover, id LIMIT 50"
  "SELECT * FROM shops WHERE x BETWEEN 1130500000 AND 1130600000 AND y BETWEEN 225200000 AND 225300000 AND level<>'C' ORDER BY title COLLATE \"zh-x-icu\", id LIMIT 50"
  "SELECT * FROM shops WHERE turnover*2>199900000 AND level='B' ORDER BY code, id LIMIT 50"
  "SELECT count(*) FROM shops"
  "SELECT count(*) FROM shops WHERE turnover>50000000 AND level='B'"
  "SELECT level, count(*), sum(turnover) FROM shops GROUP BY level ORDER BY level"
)
printf '%-42s %10s %10s %8s\n' question "Qipan ms" "PostgreSQL" ratio
at=0
while read -r line; do
  name=$(sed -E 's/.*"question":"([^"]*)".*/\1/' <<<"$line")
  ours=$(sed -E 's/.*"median_ms":"([^"]*)".*/\1/' <<<"$line")
  peer=$(median "${questions[$at]}")
  printf '%-42s %10s %10s %8s\n' "$name" "$ours" "$peer" "$(awk -v a="$peer" -v b="$ours" 'BEGIN { printf "%.2f", a / b }')"
  at=$((at + 1))
done <"$work/ours.json"
