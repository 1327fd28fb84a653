#!/usr/bin/env bash
# Kills a worker of parallel.sh in the middle of its chunk, as a machine that fails would, and holds the reports against those of an undisturbed process.
#
#   TAGSMITH=target/release/tagsmith benches/scale/killed.sh HOSTS LIST FOLDER [OPTIONS OF tagsmith tag]
#
# HOSTS have to be this machine, by ":" or by ssh: the worker is killed here.
set -euo pipefail
hosts=$1 list=$2 folder=$3 here=$(dirname "${BASH_SOURCE[0]}")
shift 3
export TAGSMITH=${TAGSMITH:-tagsmith}
"$here/parallel.sh" "$hosts" "$list" "$folder" 6 -- "$@" > "$folder.jsonl" &
running=$!
part=
# In the middle: one that has written some reports, and has not written all of them.
until [[ $part ]]; do
    sleep 0.1
    kill -0 "$running" || { echo "It was over before a worker could be killed: take more pictures." >&2 && exit 1; }
    for chunk in "$folder"/chunk.[0-9][0-9][0-9]; do
        n=0
        if [[ -e $chunk.part ]]; then n=$(wc -l < "$chunk.part" || echo 0); fi
        if [[ $n -ge 2 && $n -lt $(($(wc -l < "$chunk") - 1)) ]]; then part=$chunk; fi
    done
done
kill -KILL "$(pgrep --exact --full --oldest "[^ ]*tagsmith[^ ]* tag --files-from $(realpath "$part") .*")"
echo "killed the worker of $(basename "$part") after $(wc -l < "$part.part") of $(wc -l < "$part") reports" >&2
wait "$running"
wc -l "$folder"/chunk.*.tries | sed 's/^/begun: /' >&2
"$TAGSMITH" tag --files-from "$list" --format jsonl "$@" > "$folder.undisturbed.jsonl"
python3 "$here/same_reports.py" "$list" "$folder.jsonl" "$folder.undisturbed.jsonl"
