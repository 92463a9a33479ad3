import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../native/kernelBench.c', import.meta.url));

/** The running kernel, asked through a small C program: one request a line, one answer a line. */
export class KernelSide {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #failure: Error | null = null;

  private constructor(folder: string, program: string) {
    this.#folder = folder;
    this.#child = spawn(program, [], { stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    let said = '';
    this.#child.stderr.on('data', (text) => {
      said += text;
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('close', (code, signal) => {
      this.#failure = new Error(`the kernel's side ended (${signal ?? code}): ${said.trim()}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    });
  }

  /** Compiles and starts the C program. Answers why not, where there is no Linux or no compiler. */
  static start(): KernelSide | string {
    if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
    const folder = mkdtempSync(join(tmpdir(), 'vma-bench-'));
    const program = join(folder, 'kernelBench');
    try {
      execFileSync('cc', ['-O2', '-Wall', '-o', program, SOURCE], { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return missing ? 'no C compiler (cc) was found' : `cc could not compile the C program: ${String(error)}`;
    }
    return new KernelSide(folder, program);
  }

  /** The answer to one request. */
  async ask(request: string): Promise<string> {
    if (this.#failure !== null) throw this.#failure;
    const answer = new Promise<string>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#child.stdin.write(`${request}\n`);
    return await answer;
  }

  /** The numbers of an answer, or `null` where this kernel cannot do it. */
  async numbers(request: string): Promise<readonly number[] | null> {
    const answer = await this.ask(request);
    return answer.startsWith('unsupported') ? null : answer.split(' ').map(Number);
  }

  /** Ends the C program and deletes it. */
  stop(): void {
    this.#child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
