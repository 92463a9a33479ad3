import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line with a line. */
export class LineProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #failure: Error | null = null;

  /** @param name what it is, for messages */
  constructor(name: string, program: string, args: readonly string[] = []) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    let said = '';
    this.#child.stderr.on('data', (text) => {
      said += text;
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('close', (code, signal) => {
      this.#failure = new Error(`${name} ended (${signal ?? code}): ${said.trim()}`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    });
  }

  /** The answer to one request. */
  async ask(request: string): Promise<string> {
    if (this.#failure !== null) throw this.#failure;
    const answer = new Promise<string>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#child.stdin.write(`${request}\n`);
    return await answer;
  }

  /** Ends it. */
  stop(): void {
    this.#child.kill();
  }
}
