#!/bin/sh
# Records every program of README.md again, each into its folder here (or the folder given), except the five that
# came first. Needs Linux on x86-64, strace, a C compiler, Node, the packages built, and the programs themselves. It writes to /opt/demo and
# /srv/demo, so that the logs show no path of the machine they were made on.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
bin=/opt/demo
data=/srv/demo
mkdir -p "$bin" "$data" "$out"
cp "$here"/inputs/* "$data"
seq 1 300000 | awk '{ print ($1 * 7919) % 300007, $1 }' >"$data/numbers.txt"
rm -f "$data/test.db"

record() { # name, source or '', assumption, command...
	name=$1
	source=$2
	assumption=$3
	shift 3
	rm -rf "${out:?}/$name"
	env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/nonexistent \
		node "$here/../../packages/vma-lab/bin/vma-lab.js" record -o "$out/$name" -- "$@" >"$data/out.txt" || true
	node -e "
		const [, file, source, assumption] = process.argv;
		const meta = JSON.parse(fs.readFileSync(file, 'utf8'));
		Object.assign(meta, source && { source }, { assumption });
		fs.writeFileSync(file, JSON.stringify(meta, null, 2) + '\n');
	" "$out/$name/meta.json" "$source" "$assumption"
}

# Own programs: what each shows is in the head of its source.
for source in "$here"/src/*.c; do
	name=$(basename "$source" .c)
	cc -std=gnu11 -O1 -Wall -Wextra -pthread -o "$bin/$name" "$source"
	assumption=on-map
	[ "$name" = untouched ] && assumption=never
	record "$name" "src/$name.c" "$assumption" "$bin/$name"
done

record python-threads inputs/threads.py on-map /usr/bin/python3 "$data/threads.py"
record python-forks inputs/forks.py on-map /usr/bin/python3 "$data/forks.py"
record perl-fork inputs/allocate.pl on-map /usr/bin/perl "$data/allocate.pl"
record sort-parallel '' on-map /usr/bin/sort --parallel=2 -S 60M -o "$data/sorted.txt" "$data/numbers.txt"
record xz-threads '' on-map /usr/bin/xz -T2 -0 -k -f --block-size=1MiB "$data/numbers.txt"
record gcc-hello inputs/hello.c on-map /usr/bin/gcc -O1 -o "$data/hello" "$data/hello.c"
record bash-pipeline '' on-map /usr/bin/bash -c 'seq 1 1000 | sort -n | tail -1; (x=$(printf %5000s); echo ${#x})'
record node-single inputs/blocks.js on-map /usr/bin/node --single-threaded "$data/blocks.js"
record node-threads inputs/blocks.js on-map /usr/bin/node "$data/blocks.js"
record sqlite-mmap '' on-map /usr/bin/sqlite3 "$data/test.db" "pragma mmap_size=1000000; create table t(a, b); begin;
insert into t select value, zeroblob(300) from generate_series(1, 3000); commit; select count(*) from t;"
