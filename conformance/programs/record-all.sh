#!/bin/sh
# Records every program of README.md again, each into its folder here (or the folder given), except the five that
# came first. Needs Linux on x86-64, strace, a C compiler, Node, and the programs themselves. It writes to /opt/demo and /srv/demo,
# so that the logs show no path of the machine they were made on.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
bin=/opt/demo
data=/srv/demo
mkdir -p "$bin" "$data" "$out"
cp "$here"/inputs/* "$data"
seq 1 300000 | awk '{ print ($1 * 7919) % 300007, $1 }' >"$data/numbers.txt"
rm -f "$data/test.db"

record() { # name, options..., --, command...
	name=$1
	shift
	env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/nonexistent node "$here/record.mjs" "$out/$name" "$@"
}

# Own programs: what each shows is in the head of its source.
for source in "$here"/src/*.c; do
	name=$(basename "$source" .c)
	cc -std=gnu11 -O1 -Wall -Wextra -pthread -o "$bin/$name" "$source"
	assumption=on-map
	[ "$name" = untouched ] && assumption=never
	record "$name" --assumption "$assumption" --source "src/$name.c" -- "$bin/$name"
done

record python-threads --source inputs/threads.py -- /usr/bin/python3 "$data/threads.py"
record python-forks --source inputs/forks.py -- /usr/bin/python3 "$data/forks.py"
record perl-fork --source inputs/allocate.pl -- /usr/bin/perl "$data/allocate.pl"
record sort-parallel -- /usr/bin/sort --parallel=2 -S 60M -o "$data/sorted.txt" "$data/numbers.txt"
record xz-threads -- /usr/bin/xz -T2 -0 -k -f --block-size=1MiB "$data/numbers.txt"
record gcc-hello --source inputs/hello.c -- /usr/bin/gcc -O1 -o "$data/hello" "$data/hello.c"
record bash-pipeline -- /usr/bin/bash -c 'seq 1 1000 | sort -n | tail -1; (x=$(printf %5000s); echo ${#x})'
record node-single --source inputs/blocks.js -- /usr/bin/node --single-threaded "$data/blocks.js"
record node-threads --source inputs/blocks.js -- /usr/bin/node "$data/blocks.js"
record sqlite-mmap -- /usr/bin/sqlite3 "$data/test.db" "pragma mmap_size=1000000; create table t(a, b); begin;
insert into t select value, zeroblob(300) from generate_series(1, 3000); commit; select count(*) from t;"
