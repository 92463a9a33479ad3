#!/bin/sh
# Records sample.c with the options that change the form of a log, each into a file of that name here (or in the folder
# given). Addresses are the same in all of them: ASLR is off. Needs Linux on x86-64, strace, setarch and a C compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p /opt/demo "$out/ff"
cc -std=gnu11 -O1 -static -pthread -Wno-unused-result -o /opt/demo/sample "$here/sample.c"
calls=trace=%memory,%process,prctl,shmget,shmctl

run() { # options...
	env -i setarch -R strace "$@" /opt/demo/sample || true
}

plain() { # name, options...
	name=$1
	shift
	run -e "$calls" -o "$out/$name.strace" "$@"
}

plain plain
plain f -f
plain y -y
plain f-y -f -y
plain f-yy -f -yy
plain f-Y -f -Y
plain f-t -f -t
plain f-tt -f -tt
plain f-ttt -f -ttt
plain f-r -f -r
plain f-T -f -T
plain f-tt-T-y -f -tt -T -y
plain f-r-T -f -r -T
plain f-i -f -i
plain f-n -f -n
plain f-C -f -C
plain f-v -f -v
plain f-a80 -f -a 80
plain f-X-raw -f -X raw
plain f-X-abbrev -f -X abbrev
plain f-X-verbose -f -X verbose
plain f-quiet -f -qqq
plain f-nosignal -f -e signal=none
run -f -o "$out/f-all.strace"
run -f -e "$calls" 2>"$out/stderr-f.strace"
run -e "$calls" 2>"$out/stderr.strace"
rm -f "$out"/ff/sample.*
run -ff -tt -e "$calls" -o "$out/ff/sample"
