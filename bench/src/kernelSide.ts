import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineProcess } from './lineProcess.ts';

const SOURCE = fileURLToPath(new URL('../native/kernelBench.c', import.meta.url));

/** The running kernel, asked through a small C program: one request a line, one answer a line. */
export class KernelSide {
  readonly #process: LineProcess;

  private constructor(program: string) {
    this.#process = new LineProcess("the kernel's side", program);
  }

  /** Compiles and starts the C program. Answers why not, where there is no Linux or no compiler. */
  static start(): KernelSide | string {
    if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
    const folder = mkdtempSync(join(tmpdir(), 'vma-bench-'));
    const program = join(folder, 'kernelBench');
    try {
      execFileSync('cc', ['-O2', '-Wall', '-o', program, SOURCE], { stdio: ['ignore', 'ignore', 'pipe'] });
      return new KernelSide(program);
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return missing ? 'no C compiler (cc) was found' : `cc could not compile the C program: ${String(error)}`;
    } finally {
      // It runs by now, and needs its file no more.
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The answer to one request. */
  async ask(request: string): Promise<string> {
    return await this.#process.ask(request);
  }

  /** The numbers of an answer, or `null` where this kernel cannot do it. */
  async numbers(request: string): Promise<readonly number[] | null> {
    const answer = await this.ask(request);
    return answer.startsWith('unsupported') ? null : answer.split(' ').map(Number);
  }

  /** Ends the C program. */
  stop(): void {
    this.#process.stop();
  }
}
