import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { delimiter, join } from 'node:path';
import { RECORDED_CALLS } from 'proc-io';
import { UsageError } from '../cli/usageError.ts';
import { processOf, procText, smapsOf } from './procFiles.ts';

/** How long strace holds what enters `exit_group`, for its map to be read: longer on a machine that is busy. */
export function exitHoldMs(): number {
  const [load = 0] = loadavg();
  return Math.round(Math.min(1000, 300 * Math.max(1, load / availableParallelism())));
}

/** A name that this strace does not know is passed over (`?`). */
const TRACED = RECORDED_CALLS.map((name) => `?${name}`).join(',');

/** Does this strace tell which pid a child in a container has outside of it? It does since 5.12. */
let translates: boolean | null = null;

function translatesPids(): boolean {
  translates ??= spawnSync('strace', ['--decode-pids=pidns', '--version']).status === 0;
  return translates;
}

/** Options of strace. `holdMs`: how long what enters `exit_group` is held. Not `--seccomp-bpf`: with it, no signal can be injected. */
export function straceOptions(log: string, holdMs: number): string[] {
  return [
    ...['-f', '-y', '-q', '-ttt', '-o', log, ...(translatesPids() ? ['--decode-pids=pidns'] : [])],
    ...['-e', `trace=${TRACED}`],
    ...['-e', 'signal=!SIGSTOP,SIGCONT,SIGCHLD'],
    ...['-e', 'inject=execve,?execveat:signal=SIGSTOP', '-e', `inject=exit_group:delay_enter=${holdMs * 1000}`],
  ];
}

/**
 * Finds strace, and tries whether it may trace. Gives its version.
 * @throws UsageError where not: in one line, what to do
 */
export function findStrace(): string {
  if (process.platform !== 'linux') {
    throw new UsageError(`record needs Linux: it runs strace and reads /proc (this is ${process.platform})`);
  }
  const version = spawnSync('strace', ['--version'], { encoding: 'utf8' });
  const strace = /version (\S+)/.exec(version.stdout ?? '')?.[1];
  if (strace === undefined) {
    throw new UsageError('strace is not installed: apt-get install strace, dnf install strace, or apk add strace');
  }
  const tried = spawnSync('strace', [...straceOptions('/dev/null', 1), '--', '/bin/true'], { encoding: 'utf8' });
  if (tried.status === 0) return strace;
  throw new UsageError(
    `strace cannot trace here: ${explain(tried.stderr.trim() || `it ends with status ${tried.status}`)}`,
  );
}

/** What strace says, and what to do about it. */
export function explain(problem: string): string {
  const [line = ''] = problem.split('\n');
  if (!/not permitted|EPERM|denied/i.test(line)) return line;
  const scope = procText('sys/kernel/yama/ptrace_scope').trim();
  const remedies = [
    ...(scope === '' || scope === '0' ? [] : [`kernel.yama.ptrace_scope is ${scope}: run as root, or set it to 0`]),
    'in a container, start it with --cap-add=SYS_PTRACE',
  ];
  return `no permission (${remedies.join('; ')})`;
}

/** @throws UsageError where a command cannot be run: there is no such file, or it may not be executed */
export function requireCommand(command: string): void {
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
  const places = command.includes('/')
    ? [command]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder || '.', command));
  const found = places.filter(isFile);
  if (found.length === 0) throw new UsageError(`${command}: command not found`);
  if (!found.some(isExecutable)) throw new UsageError(`${command}: may not be executed (permission denied)`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws UsageError where there is no such process, or its memory may not be read */
export function requireProcess(pid: number): void {
  const owner = processOf(pid);
  if (owner === 0) throw new UsageError(`no process has the pid ${pid}`);
  if (owner !== pid) throw new UsageError(`${pid} is a thread of process ${owner}: record that one`);
  if (procText(`${pid}/status`).includes('\nTracerPid:\t0\n') === false) {
    throw new UsageError(`process ${pid} is traced already, by a debugger or another strace`);
  }
  if (smapsOf(pid) !== '') return;
  if (procText(`${pid}/cmdline`) === '')
    throw new UsageError(`process ${pid} has no memory of its own: it is the kernel's, or has ended`);
  throw new UsageError(`the memory of process ${pid} may not be read: record it as root, or as the user who runs it`);
}
