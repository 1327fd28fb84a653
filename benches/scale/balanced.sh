#!/usr/bin/env bash
# Sends a list of pictures to two `tagsmith serve` behind haproxy, kills one of them in the middle, and holds the reports against the command line's.
#
#   TAGSMITH=target/release/tagsmith benches/scale/balanced.sh LIST FOLDER [OPTIONS OF tagsmith serve AND tag]
set -euo pipefail
list=$1 folder=$2 here=$(dirname "${BASH_SOURCE[0]}")
shift 2
TAGSMITH=${TAGSMITH:-tagsmith}
export BALANCER=8760 ONE=8761 TWO=8762
mkdir -p "$folder"
processes=()
trap 'kill "${processes[@]}" 2> /dev/null || true' EXIT
for port in $ONE $TWO; do
    "$TAGSMITH" serve --listen "127.0.0.1:$port" --threads 1 "$@" > "$folder/serve.$port" &
    processes+=($!)
done
haproxy -f "$here/haproxy.cfg" -db &
processes+=($!)
for _ in {1..100}; do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$BALANCER/healthz"; then break; fi
    sleep 0.5
done
# One picture, asked again where its server went away. It gives the same report each time, so no answer can be there twice.
ask() {
    curl --silent --show-error --fail --retry 8 --retry-all-errors --retry-max-time 120 \
        --data-binary "@$1" --url-query "path=$1" "http://127.0.0.1:$BALANCER/v1/tag" && echo
}
export -f ask
n=$(wc -l < "$list")
parallel --jobs 8 --keep-order ask :::: "$list" > "$folder/balanced.jsonl" &
asking=$!
until [[ $(grep --count . "$folder/balanced.jsonl" || true) -ge $((n / 3)) ]]; do sleep 0.2; done
kill -KILL "${processes[0]}"
echo "killed a service after $(grep --count . "$folder/balanced.jsonl" || true) of $n pictures" >&2
wait "$asking"
"$TAGSMITH" tag --files-from "$list" --format jsonl "$@" > "$folder/plain.jsonl"
grep . "$folder/balanced.jsonl" > "$folder/answers.jsonl"
python3 "$here/same_reports.py" "$list" "$folder/answers.jsonl" "$folder/plain.jsonl"
