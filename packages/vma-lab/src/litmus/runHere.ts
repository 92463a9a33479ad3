import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportLitmusC, type LitmusTest } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { inTempFolder } from '../cli/tempFolder.ts';
import { UsageError } from '../cli/usageError.ts';

const exec = promisify(execFile);

/** A claim that this machine's kernel does not keep. */
interface HereFailure {
  readonly line: number;
  readonly claim: string;
  /** What there is instead. */
  readonly found: string;
}

/** What came of a litmus file on this machine's kernel. */
export interface HereVerdict {
  /** As `uname -r` gives it. */
  readonly kernel: string;
  /** `notRun`: the program could not be built, or not make all calls. */
  readonly verdict: 'holds' | 'fails' | 'notApplicable' | 'notRun';
  readonly holds: number;
  readonly failures: readonly HereFailure[];
  /** Claims that no program can check. */
  readonly unseen: number;
  /** Why it was not run, or is not applicable; what a compiler said. */
  readonly why: string;
}

/** The kernel under this program, and the profile that models it. @throws UsageError where it is no Linux on x86-64 */
export function runningKernel(): { readonly kernel: string; readonly profile: KernelProfile } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UsageError(
      `--running needs Linux on x86-64; this is ${process.platform} on ${process.arch}. --c prints the program`,
    );
  }
  const kernel = release();
  return { kernel, profile: chooseKernelProfile(kernel).profile };
}

/** Builds the program of a litmus file in a temporary folder, and runs it. */
export async function runHere(
  test: LitmusTest,
  { kernel, profile }: ReturnType<typeof runningKernel>,
): Promise<HereVerdict> {
  return inTempFolder('vma-lab-', async (folder) => {
    const source = join(folder, 'litmus.c');
    await writeFile(source, exportLitmusC(test, profile));
    const built = await tryExec(process.env.CC ?? 'cc', ['-o', join(folder, 'litmus'), source]);
    if (built.status !== 0) return verdictOf(kernel, 'notRun', '', `the C compiler says: ${built.out.split('\n')[0]}`);
    const { status, out } = await tryExec(join(folder, 'litmus'), []);
    const verdict = (['holds', 'fails', 'notRun', 'notApplicable'] as const)[status] ?? 'notRun';
    return verdictOf(
      kernel,
      verdict,
      out,
      verdict === 'notRun' || verdict === 'notApplicable' ? (out.trim().split('\n').at(-1) ?? '') : '',
    );
  });
}

function verdictOf(kernel: string, verdict: HereVerdict['verdict'], out: string, why: string): HereVerdict {
  const rows = out.split('\n');
  const failures = rows.flatMap((row, index): HereFailure[] => {
    const [, line, claim = ''] = /^FAILS +line (\d+): (.*)$/.exec(row) ?? [];
    const found = /^ +this kernel: (.*)$/.exec(rows[index + 1] ?? '')?.[1] ?? '';
    return line === undefined ? [] : [{ line: Number(line), claim, found }];
  });
  const starting = (word: string): number => rows.filter((row) => row.startsWith(word)).length;
  return { kernel, verdict, holds: starting('ok '), failures, unseen: starting('-----'), why };
}

/** The status of a command, and what it printed. A command that is not there, or takes 30 seconds, has status 2. */
async function tryExec(
  command: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly out: string }> {
  try {
    const { stdout } = await exec(command, [...args], { timeout: 30_000 });
    return { status: 0, out: stdout };
  } catch (error) {
    const {
      code,
      stdout = '',
      stderr = '',
      message,
    } = error as Error & { code?: unknown; stdout?: string; stderr?: string };
    return { status: typeof code === 'number' ? code : 2, out: stdout || stderr || message };
  }
}
