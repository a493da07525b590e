# What the bench scripts share. A server that a script starts never outlives it.
folder=${BENCH_DIR:-$(mktemp -d)}
server=
starts=0
clean_up() {
  [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
  [ -n "${BENCH_DIR:-}" ] || rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
median() { sort -n | awk '{a[NR]=$1} END {print (NR%2) ? a[(NR+1)/2] : int((a[NR/2]+a[NR/2+1])/2)}'; }
field() { python3 -c "import json,sys; print(json.load(sys.stdin)['$1'])"; }

# open_server DATA [PORT]: serves a district and waits until it is ready; sets server and port. Each start has a log of its own.
open_server() {
  starts=$((starts + 1))
  local log=$folder/serve-$$-$starts.log
  "$qipan" serve --data "$1" --port "${2:-0}" --second-factor nobody >"$log" 2>&1 &
  server=$!
  until grep -q ready "$log"; do
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.02
  done
  port=$(sed -n 's/.*ready at .*:\([0-9]*\)$/\1/p' "$log")
}
close_server() {
  kill -TERM "$server" && wait "$server" || true
  server=
}
