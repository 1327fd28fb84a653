#!/usr/bin/env bash
# Tags a list of pictures by GNU parallel on several hosts, which see the pictures and this folder under the same paths.
#
#   benches/scale/parallel.sh HOSTS LIST FOLDER [CHUNKS] [-- OPTIONS OF tagsmith tag]
#
# HOSTS: a file of parallel's --sshloginfile, one host a line, ":" for this machine. LIST: paths, one a line. FOLDER: gets a list, a library and
# the reports of each chunk. Called again after an interruption it goes on. TAGSMITH: the program on the hosts (default: tagsmith).
#
# A chunk's reports appear under their name once all of them are there; what a killed worker has tagged is in the chunk's library, and not tagged again.
set -euo pipefail
hosts=$1 list=$2 folder=$(realpath -m "$3") chunks=16
shift 3
if [[ $# -gt 0 && $1 != -- ]]; then chunks=$1 && shift; fi
[[ ${1:-} == -- ]] && shift
mkdir -p "$folder"
# Not anew: what was begun has to stay the same.
[[ -e $folder/chunk.000 ]] || split --number="l/$chunks" --numeric-suffixes --suffix-length=3 "$list" "$folder/chunk."
options=$(printf ' %q' "$@")
parallel --sshloginfile "$hosts" --jobs 1 --retries 4 --joblog "$folder/jobs.tsv" \
    "test -e {}.jsonl || { echo begun >> {}.tries; $(printf %q "${TAGSMITH:-tagsmith}") tag --files-from {} --resume {}.tagsmith --format jsonl$options > {}.part; \
    ended=\$?; test \$ended -le 1 && mv {}.part {}.jsonl; }" ::: "$folder"/chunk.[0-9][0-9][0-9]
cat "$folder"/chunk.[0-9][0-9][0-9].jsonl
