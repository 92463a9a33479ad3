// The programs of TABLE.md: a shell script each, run in an empty folder. `needs`: what must be installed; a row without it is left out.

const python = (text) => `python3 -c '${text}'`;

/** Waits until a command succeeds, for ten seconds. */
const until = (command) => `i=0; until ${command}; do i=$((i+1)); [ $i -gt 100 ] && break; sleep 0.1; done`;

const THREADS = `
public class Threads {
  public static void main(String[] args) throws Exception {
    Thread[] threads = new Thread[100];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> { byte[] data = new byte[1 << 16]; data[7] = 1; try { Thread.sleep(300); } catch (Exception e) {} });
      threads[i].start();
    }
    for (Thread thread : threads) thread.join();
  }
}`;

const WORKERS = `
const { Worker, isMainThread } = require('node:worker_threads');
if (isMainThread) for (let i = 0; i < 3; i++) new Worker(__filename);
else { const kept = []; for (let i = 0; i < 200; i++) kept.push(new Uint8Array(100_000).fill(1)); }`;

const WASM = `
// A module that exports one page of memory.
const bytes = Uint8Array.from([0,97,115,109,1,0,0,0,5,3,1,0,1,7,7,1,3,109,101,109,2,0]);
const { mem } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
for (let i = 0; i < 20; i++) { mem.grow(10); new Uint8Array(mem.buffer).fill(i); }`;

const GO = `
package main
import ("fmt"; "sync")
func main() {
  var group sync.WaitGroup
  for i := 0; i < 50; i++ { group.Add(1); go func() { defer group.Done(); kept := make([]byte, 1<<20); kept[5] = 1 }() }
  group.Wait(); fmt.Println("done")
}`;

const RUST = `
use std::thread;
fn main() {
    let all: Vec<_> = (0..8).map(|i| thread::spawn(move || vec![i as u8; 1 << 20].iter().map(|&b| b as u64).sum::<u64>())).collect();
    println!("{}", all.into_iter().map(|one| one.join().unwrap()).sum::<u64>());
}`;

const C = `
#include <stdlib.h>
int main(void) { char *all[300]; for (int i = 0; i < 300; i++) { all[i] = malloc(i * 1000 + 1); all[i][0] = 1; } for (int i = 0; i < 300; i += 2) free(all[i]); return 0; }`;

const file = (name, text) => `cat > ${name} <<'END_OF_FILE'\n${text}\nEND_OF_FILE\n`;
const allocator = (library) =>
  `LD_PRELOAD=$(ls /usr/lib/*/${library} | head -1) ${python('x = [bytes(i * 100) for i in range(3000)]; del x[::2]; y = [bytes(i * 50) for i in range(3000)]')}`;

/** Prepared before the recording begins. */
const PROGRAMS = [
  { name: 'true', needs: 'true', run: 'true' },
  {
    name: 'a pipeline of bash',
    needs: 'bash',
    run: "bash -c 'seq 1 1000 | sort -n | tail -1; (x=$(printf %5000s); echo $x | wc -c)'",
  },
  {
    name: 'sort with two threads',
    needs: 'sort',
    run: 'seq 1 300000 | sort -R | sort -n --parallel=2 -S 60M > sorted',
  },
  { name: 'xz with two threads', needs: 'xz', run: 'seq 1 300000 > numbers; xz -T2 -0 --block-size=1MiB numbers' },
  { name: 'tar and gzip', needs: 'tar', run: 'tar czf etc.tar.gz /etc/ssl; tar tzf etc.tar.gz' },
  { name: 'find and xargs -P', needs: 'xargs', run: 'find /etc -name "*.conf" | xargs -P 4 -n 20 cat' },
  {
    name: 'awk',
    needs: 'awk',
    run: "seq 1 200000 | awk '{ kept[$1 % 5000] = kept[$1 % 5000] $1 } END { print length(kept) }'",
  },
  { name: 'grep -r', needs: 'grep', run: 'grep -r localhost /etc' },
  { name: 'gcc -flto', needs: 'gcc', before: file('a.c', C), run: 'gcc -O2 -flto -o a a.c && ./a' },
  {
    name: 'make -j4',
    needs: 'make',
    before: `${[1, 2, 3, 4].map((n) => file(`m${n}.c`, `int f${n}(int x) { return x * ${n}; }`)).join('')}${file('Makefile', 'all: m1.o m2.o m3.o m4.o\n\tld -r -o all.o $^')}`,
    run: 'make -j4',
  },
  {
    name: 'git gc',
    needs: 'git',
    before:
      'git init -q . && for i in 1 2 3 4 5; do seq 1 $((i * 1000)) > file; git add file; git -c user.name=a -c user.email=b commit -qm $i; done',
    run: 'git gc',
  },
  {
    name: 'python with threads',
    needs: 'python3',
    run: python(
      'import threading as t; all = [t.Thread(target=lambda: [bytes(99999) for _ in range(50)]) for _ in range(8)]; [one.start() for one in all]; [one.join() for one in all]',
    ),
  },
  {
    name: 'python with multiprocessing',
    needs: 'python3',
    before: file(
      'pool.py',
      'import multiprocessing\ndef square(x): return sum(range(x * 1000))\nif __name__ == "__main__":\n  with multiprocessing.Pool(3) as pool: print(pool.map(square, range(30)))',
    ),
    run: 'python3 pool.py',
  },
  {
    name: 'python with numpy',
    needs: 'python3',
    test: "python3 -c 'import numpy'",
    run: python('import numpy as n; a = n.random.rand(600, 600); print((a @ a).sum())'),
  },
  {
    name: 'python compileall',
    needs: 'python3',
    before: 'cp /usr/lib/python3*/json/*.py .',
    run: 'python3 -m compileall -q .',
  },
  { name: 'node with workers', needs: 'node', before: file('workers.cjs', WORKERS), run: 'node workers.cjs' },
  { name: 'node with wasm', needs: 'node', before: file('wasm.cjs', WASM), run: 'node wasm.cjs' },
  {
    name: 'perl with fork',
    needs: 'perl',
    run: 'perl -e \'my @kept = map { "x" x 10000 } 1 .. 300; if (my $pid = fork) { waitpid $pid, 0 } else { push @kept, "y" x 1000000 }\'',
  },
  {
    name: 'ruby',
    needs: 'ruby',
    run: "ruby -e 'kept = (1..20000).map { |i| i.to_s * 20 }; 4.times.map { Thread.new { kept.sort.size } }.each(&:join); fork { kept.reverse.size }; Process.wait'",
  },
  {
    name: 'php',
    needs: 'php',
    run: 'php -r \'$kept = []; for ($i = 0; $i < 100000; $i++) $kept[] = str_repeat("x", $i % 100); echo count($kept);\'',
  },
  { name: 'lua', needs: 'lua5.4', run: "lua5.4 -e 'local kept = {} for i = 1, 100000 do kept[i] = {i} end'" },
  { name: 'tclsh', needs: 'tclsh', run: "echo 'for {set i 0} {$i < 100000} {incr i} {lappend kept $i}' | tclsh" },
  {
    name: 'a JVM with 100 threads',
    needs: 'javac',
    before: `${file('Threads.java', THREADS)}javac Threads.java`,
    run: 'java -Xmx256m Threads',
  },
  {
    name: 'go run',
    needs: 'go',
    before: `${file('main.go', GO)}GOCACHE=$PWD/cache GO111MODULE=off go build -o main main.go`,
    run: './main',
  },
  {
    name: 'go build',
    needs: 'go',
    before: `${file('main.go', GO)}GOCACHE=$PWD/cache GO111MODULE=off go build -o main main.go; echo "// more" >> main.go`,
    run: 'GOCACHE=$PWD/cache GO111MODULE=off go build -o main main.go',
  },
  { name: 'rust with threads', needs: 'rustc', before: `${file('main.rs', RUST)}rustc -O main.rs`, run: './main' },
  { name: 'rustc', needs: 'rustc', before: file('main.rs', RUST), run: '$(rustc --print sysroot)/bin/rustc main.rs' },
  {
    name: 'sqlite with mmap',
    needs: 'sqlite3',
    run: 'sqlite3 test.db "pragma mmap_size=1000000; create table t(a, b); begin; insert into t select value, zeroblob(300) from generate_series(1, 3000); commit; select count(*) from t;"',
  },
  {
    name: 'redis with BGSAVE under load',
    needs: 'redis-server',
    run: `redis-server --port 7711 --save '' & ${until('redis-cli -p 7711 ping')}; redis-benchmark -p 7711 -n 3000 -q -t set,lpush; redis-cli -p 7711 bgsave; redis-benchmark -p 7711 -n 2000 -q -t set; sleep 1; redis-cli -p 7711 shutdown nosave; wait`,
  },
  {
    name: 'memcached',
    needs: 'memcached',
    before: file(
      'ask',
      'exec 3<>/dev/tcp/127.0.0.1/7712 || exit 1\nprintf "set $1 0 0 3\\r\\nabc\\r\\nget $1\\r\\nquit\\r\\n" >&3\ncat <&3',
    ),
    run: `memcached -u root -p 7712 -m 32 & server=$!; ${until('bash ask a')}; for i in 1 2 3 4 5; do bash ask k$i; done; kill $server; wait`,
  },
  {
    name: 'nginx',
    needs: 'nginx',
    before: `mkdir logs html; echo hello > html/index.html\n${file('nginx.conf', 'worker_processes 2;\nerror_log logs/error.log;\npid nginx.pid;\nevents {}\nhttp { access_log off; server { listen 7713; root html; } }')}`,
    run: `nginx -p $PWD -c nginx.conf; for i in 1 2 3 4 5; do curl -s http://127.0.0.1:7713/; done; nginx -p $PWD -c nginx.conf -s quit; sleep 1`,
  },
  { name: 'PostgreSQL: initdb', needs: 'initdb', user: 'postgres', run: 'initdb -D data --no-sync' },
  {
    name: 'PostgreSQL: pgbench',
    needs: 'pgbench',
    user: 'postgres',
    before: 'initdb -D data --no-sync > /dev/null',
    run: `postgres -D data -p 7714 -k $PWD & ${until('psql -h $PWD -p 7714 postgres -c "select 1"')}; pgbench -h $PWD -p 7714 -i -s 1 postgres; pgbench -h $PWD -p 7714 -c 4 -t 50 postgres; psql -h $PWD -p 7714 postgres -c checkpoint; pg_ctl -D data stop -m fast; wait`,
  },
  {
    name: 'MariaDB',
    needs: 'mariadbd',
    before: 'mkdir data',
    run: `echo 'create database d; create table d.t (a int primary key, b text); insert into d.t select seq, repeat("x", 100) from seq_1_to_5000; select count(*) from d.t;' | mariadbd --no-defaults --bootstrap --user=root --datadir=$PWD/data --lc-messages-dir=/usr/share/mysql --skip-grant-tables`,
  },
  {
    name: 'ffmpeg',
    needs: 'ffmpeg',
    run: 'ffmpeg -v error -f lavfi -i testsrc=duration=1:size=320x240:rate=10 -threads 2 -y out.mp4',
  },
  {
    name: 'emacs --batch',
    needs: 'emacs',
    run: `emacs --batch --eval '(let ((kept nil)) (dotimes (i 100000) (push (number-to-string i) kept)) (message "%d" (length kept)))'`,
  },
  {
    name: 'gdb',
    needs: 'gdb',
    before: `${file('a.c', C)}gcc -g -o a a.c`,
    run: "gdb -batch -ex 'info functions main' -ex 'list main' ./a",
  },
  {
    name: 'Chromium, headless',
    needs: 'chromium',
    run: 'timeout 50 chromium --headless --no-sandbox --disable-gpu --user-data-dir=$PWD/profile --dump-dom data:text/html,hello',
  },
  {
    name: 'qemu',
    needs: 'qemu-system-x86_64',
    run: 'timeout 5 qemu-system-x86_64 -accel tcg -m 64 -display none -serial none -monitor none -no-reboot',
  },
  {
    name: 'under jemalloc',
    needs: 'python3',
    test: 'ls /usr/lib/*/libjemalloc.so.2',
    run: allocator('libjemalloc.so.2'),
  },
  {
    name: 'under mimalloc',
    needs: 'python3',
    test: 'ls /usr/lib/*/libmimalloc.so.2*',
    run: allocator('libmimalloc.so.2*'),
  },
  {
    name: 'under tcmalloc',
    needs: 'python3',
    test: 'ls /usr/lib/*/libtcmalloc_minimal.so.4',
    run: allocator('libtcmalloc_minimal.so.4'),
  },
  { name: 'under valgrind', needs: 'valgrind', before: `${file('a.c', C)}gcc -g -o a a.c`, run: 'valgrind -q ./a' },
  {
    name: 'openssl',
    needs: 'openssl',
    run: 'openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=demo -days 1',
  },
  { name: 'ssh-keygen', needs: 'ssh-keygen', run: "ssh-keygen -q -t ed25519 -N '' -f key" },
  { name: 'curl', needs: 'curl', before: 'seq 1 10000 > page', run: 'curl -s file://$PWD/page' },
  { name: 'rsync', needs: 'rsync', run: 'rsync -a /etc/ssl/ copy/' },
  {
    name: 'cmake',
    needs: 'cmake',
    before: file('CMakeLists.txt', 'cmake_minimum_required(VERSION 3.5)\nproject(demo C)'),
    run: 'cmake -B build .',
  },
  { name: 'vim', needs: 'vim', run: "vim -es -u NONE -c 'put =range(1,10000)' -c 'wq! out'" },
  { name: 'bc', needs: 'bc', run: "echo 'scale=500; a(1)*4' | bc -l" },
];

/** Stressors of stress-ng that make, change and fork mappings, with their number of operations. Not those that trace themselves. */
const STRESSORS = {
  bigheap: 200,
  brk: 500,
  clone: 20,
  exec: 5,
  fault: 200,
  fork: 20,
  madvise: 20,
  malloc: 500,
  memfd: 20,
  mincore: 20,
  mlock: 20,
  mlockmany: 1,
  mmap: 10,
  mmapaddr: 50,
  mmapfixed: 50,
  mmapfork: 2,
  mmaphuge: 10,
  mmapmany: 1,
  mprotect: 50,
  mremap: 20,
  msync: 20,
  munmap: 5,
  pkey: 20,
  pthread: 20,
  remap: 10,
  shm: 5,
  'shm-sysv': 5,
  stack: 20,
  stackmmap: 10,
  tmpfs: 5,
  userfaultfd: 20,
  vfork: 20,
  vforkmany: 5,
  vm: 20,
  'vm-addr': 10,
  'vm-rw': 10,
  zombie: 20,
};

export const ALL = [
  ...PROGRAMS,
  ...Object.entries(STRESSORS).map(([name, ops]) => ({
    name: `stress-ng --${name}`,
    needs: 'stress-ng',
    run: `stress-ng --${name} 1 --${name}-ops ${ops} -t 10 --temp-path $PWD -q`,
  })),
];
