#!/usr/bin/env node
// Records a program and its children by the recipe of README.md; `--help` says more.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const USAGE = `usage: record.mjs [--assumption on-map|never|auto] [--source FILE] [--note TEXT] FOLDER -- COMMAND [ARGUMENT...]

Records a program and its children into FOLDER, which is emptied first: the smaps of each process after its execve and as it enters
exit_group, and the strace log of its memory and process calls. Needs Linux on x86-64 and strace.

  --assumption WHAT  which memory the replay is to take as written: on-map (default), never, auto
  --source FILE      the program's source, for meta.json
  --note TEXT        what the recording is for, for meta.json
  --help             this text`;
/** System call numbers of x86-64, as /proc/PID/syscall shows them. */
const SYS_BRK = 12;
const SYS_EXIT_GROUP = 231;
const EXIT_DELAY_US = 2_000_000;
const POLL_MS = 20;
/** Polls in a row that a process is seen stopped before it counts as stopped for good, by our SIGSTOP. */
const STOPPED_POLLS = 4;
/** Larger smaps are kept compressed. */
const PLAIN_BYTES = 300_000;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const folderNames = (path) => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** Pids of the processes that `tracer` traces. */
function traced(tracer) {
  const isTraced = (pid) => read(`/proc/${pid}/status`).includes(`\nTracerPid:\t${tracer}\n`);
  return folderNames('/proc').filter((name) => /^\d+$/.test(name) && isTraced(name));
}

/** For each thread of a process: is it stopped, and in which system call. */
function threads(pid) {
  return folderNames(`/proc/${pid}/task`).map((tid) => ({
    stopped: /^State:\s+[tT]/m.test(read(`/proc/${pid}/task/${tid}/status`)),
    call: Number.parseInt(read(`/proc/${pid}/task/${tid}/syscall`), 10),
  }));
}

/** The calls of a log in the order in which they end, `<unfinished ...>` ones put together. */
function callsOf(log) {
  const unfinished = new Map();
  const calls = [];
  for (const [, pid, text] of log.matchAll(/^(\d+) +(?!---|\+\+\+)(.*)$/gm)) {
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
    if (text.endsWith('<unfinished ...>')) unfinished.set(pid, text.slice(0, -'<unfinished ...>'.length));
    else calls.push({ pid, text: rest === undefined ? text : unfinished.get(pid) + rest });
  }
  return calls;
}

/** Whether the log's last call of the process is the first brk after an execve. */
function hasJustExeced(log, pid) {
  const [before, last] = callsOf(log)
    .filter((call) => call.pid === pid)
    .slice(-2);
  return /^execve\(.*= 0$/.test(before?.text ?? '') && /^brk\(NULL\s*\)/.test(last?.text ?? '');
}

/** Watches the traced processes until strace ends. Gives the smaps texts by pid. */
async function watch(strace, logFile) {
  const initial = new Map();
  const final = new Map();
  const stoppedPolls = new Map();
  let ended = false;
  strace.once('exit', () => {
    ended = true;
  });
  while (!ended) {
    for (const pid of traced(strace.pid)) {
      const now = threads(pid);
      if (now.some(({ call }) => call === SYS_EXIT_GROUP)) {
        const smaps = read(`/proc/${pid}/smaps`);
        if (smaps !== '' && !final.has(pid)) final.set(pid, smaps);
        continue;
      }
      const polls = now.every(({ stopped }) => stopped) ? (stoppedPolls.get(pid) ?? 0) + 1 : 0;
      stoppedPolls.set(pid, polls);
      if (polls < STOPPED_POLLS) continue;
      if (now[0]?.call === SYS_BRK && hasJustExeced(read(logFile), pid)) initial.set(pid, read(`/proc/${pid}/smaps`));
      stoppedPolls.set(pid, 0);
      process.kill(Number(pid), 'SIGCONT');
    }
    await sleep(POLL_MS);
  }
  return { initial, final };
}

/** pid of each process (threads left out), with its parent's; the first one has none. */
function processesOf(calls) {
  const parents = new Map([[calls[0]?.pid, undefined]]);
  for (const { pid, text } of calls) {
    const child = /^(?:clone3?|v?fork)\(.*= (\d+)$/.exec(text)?.[1];
    if (child !== undefined && !text.includes('CLONE_THREAD')) parents.set(child, pid);
  }
  return parents;
}

function writeSmaps(folder, name, text) {
  const isLarge = text.length > PLAIN_BYTES;
  const file = isLarge ? `${name}.gz` : name;
  writeFileSync(join(folder, file), isLarge ? gzipSync(text) : text);
  return file;
}

/** Writes the folder. A process without both maps is listed with the reason why it is not compared. */
function writeRecording(folder, meta, { initial, final }, log) {
  const calls = callsOf(log);
  const parents = processesOf(calls);
  const root = parents.keys().next().value;
  const processes = [];
  for (const [pid, parent] of parents) {
    const ownName = (kind) => (pid === root ? `${kind}.smaps` : `${kind}.${pid}.smaps`);
    const execed = calls.some((call) => call.pid === pid && /^execve\(.*= 0$/.test(call.text));
    const entry = { pid: Number(pid), ...(parent === undefined ? {} : { parent: Number(parent) }) };
    if (!final.has(pid)) processes.push({ ...entry, note: 'did not reach exit_group: not compared' });
    else if (execed && !initial.has(pid))
      processes.push({ ...entry, note: 'its map after execve is not known: not compared' });
    else {
      if (execed) entry.initial = writeSmaps(folder, ownName('initial'), initial.get(pid));
      processes.push({ ...entry, final: writeSmaps(folder, ownName('final'), final.get(pid)) });
    }
  }
  writeFileSync(join(folder, 'trace.strace'), log);
  writeFileSync(join(folder, 'meta.json'), `${JSON.stringify({ ...meta, processes }, null, 2)}\n`);
  return processes;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      assumption: { type: 'string', default: 'on-map' },
      source: { type: 'string' },
      note: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [folder, ...command] = positionals;
  const version = spawnSync('strace', ['--version'], { encoding: 'utf8' }).stdout?.match(/version (\S+)/)?.[1];
  if (command.length === 0) throw new Error(USAGE);
  if (version === undefined) throw new Error('strace is not installed');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'trace.strace');
  const options = [
    ...['-f', '-y', '-o', logFile, '-e', 'signal=!SIGSTOP,SIGCONT'],
    ...['-e', 'trace=%memory,%process,prctl,shmget,shmctl'],
    ...['-e', 'inject=brk:signal=SIGSTOP:when=1', '-e', `inject=exit_group:delay_enter=${EXIT_DELAY_US}`],
  ];
  const strace = spawn('strace', [...options, '--', ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const maps = await watch(strace, logFile);
  const meta = {
    kernel: release().replace(/-.*/, ''),
    strace: version,
    max_map_count: Number(read('/proc/sys/vm/max_map_count')),
    assumption: values.assumption,
    command,
    ...(values.source === undefined ? {} : { source: values.source }),
    ...(values.note === undefined ? {} : { note: values.note }),
  };
  const processes = writeRecording(folder, meta, maps, read(logFile));
  const vmas = (file) => (file ? read(join(folder, file)).match(/^VmFlags:/gm)?.length : undefined);
  for (const { pid, initial, final, note } of processes) {
    console.log(`${folder} ${pid}: ${note ?? `${vmas(initial) ?? 'inherited'} -> ${vmas(final) ?? 'many'} VMAs`}`);
  }
}

try {
  await main();
} catch (error) {
  console.error(`record: ${error.message}`);
  process.exitCode = 2;
}
