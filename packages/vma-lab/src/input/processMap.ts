import { readdir, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { InputError, type Smaps } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import { type ChosenKernel, DEFAULT_KERNEL, readKernel } from '../cli/options.ts';
import { readSmaps } from './readSmaps.ts';

/** The pid that an operand is; `null`: it is a file. A file of such a name is given as `./1234`. */
export function pidOf(operand: string): number | null {
  return /^\d+$/.test(operand) ? Number(operand) : null;
}

/**
 * Reads the smaps of a running process.
 * @throws InputError where there is no such process, it may not be looked at, or it has no memory of its own (any more)
 */
export async function readProcessMap(pid: number, io: CliIo): Promise<Smaps> {
  const file = await livingSmapsOf(pid);
  try {
    return await readSmaps(file, io);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(await whyNot(pid, error), { file });
  }
}

/** What is known of a running process besides its map; `null` where it cannot be read. */
export interface ProcessFacts {
  /** Its name, as `comm` has it. */
  readonly program: string | null;
  readonly threads: number | null;
}

/** Reads a running process's name, and counts its threads. */
export async function readProcessFacts(pid: number): Promise<ProcessFacts> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const field = (name: string): string | null => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(status)?.[1] ?? null;
  const threads = field('Threads');
  return { program: field('Name'), threads: threads === null ? null : Number(threads) };
}

/** The path of a process's smaps. */
export function smapsOf(pid: number): string {
  return `/proc/${pid}/smaps`;
}

/** The path of a process's smaps; that of a thread, where the first one has ended and others run on: then the process itself shows nothing. */
async function livingSmapsOf(pid: number): Promise<string> {
  const state = async (of: string): Promise<string> => readFile(`/proc/${of}/status`, 'utf8').catch(() => '');
  if (!ENDED.test(await state(`${pid}`))) return smapsOf(pid);
  for (const tid of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const status = await state(`${pid}/task/${tid}`);
    if (status !== '' && !ENDED.test(status)) return `/proc/${pid}/task/${tid}/smaps`;
  }
  return smapsOf(pid);
}

/** In a status: a zombie. */
const ENDED = /^State:\s+[ZX]/m;

async function whyNot(pid: number, { message }: InputError): Promise<string> {
  if (process.platform !== 'linux')
    return `${process.platform} has no /proc: give a smaps file that was copied from a Linux machine`;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  if (status === null) return `there is no process ${pid}: it has ended, or never was. pgrep -a NAME lists pids`;
  if (message.includes('permission denied')) {
    return `process ${pid} is another user's: run vma-lab as that user or as root, or give it a copy that root made (cat ${smapsOf(pid)} > a.smaps)`;
  }
  if (ENDED.test(status)) return `process ${pid} has ended, and has no memory any more`;
  if (!/^VmSize:/m.test(status)) return `process ${pid} is a thread of the kernel, which has no memory of its own`;
  return message;
}

/** The limit `vm.max_map_count` of this machine; the usual one where it cannot be read. */
export async function limitOfThisMachine(): Promise<number> {
  try {
    return Number(await readFile('/proc/sys/vm/max_map_count', 'utf8'));
  } catch {
    return DEFAULT_MAX_MAP_COUNT;
  }
}

/** The kernel of this machine; the default where it is no Linux. */
export function kernelOfThisMachine(): ChosenKernel {
  return readKernel(process.platform === 'linux' ? release() : DEFAULT_KERNEL);
}
