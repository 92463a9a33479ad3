import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';

/** A file to drop: its bytes, or pieces of text that are repeated. */
export interface TestFile {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** How often the bytes are repeated; default once. */
  readonly times?: number;
}

/** The path of a file of `conformance/`. */
export function conformance(path: string): string {
  return fileURLToPath(new URL(`../../../../conformance/${path}`, import.meta.url));
}

/** A file of a recorded program, under its own name. */
export function ofProgram(program: string, name: string): TestFile {
  return { name, bytes: readFileSync(conformance(`programs/${program}/${name}`)) };
}

/** Drops files as a browser does: one `drop` event with all of them. */
export async function dropFiles(page: Page, files: readonly TestFile[]): Promise<void> {
  const transfer = await transferOf(page, files);
  await page.dispatchEvent('.playground', 'drop', { dataTransfer: transfer });
}

/** A DataTransfer in the page that holds files. */
export function transferOf(page: Page, files: readonly TestFile[]) {
  const sent = files.map(({ name, bytes, times = 1 }) => ({
    name,
    times,
    base64: Buffer.from(bytes as string).toString('base64'),
  }));
  return page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, times, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(
        new File(
          Array.from({ length: times }, () => bytes),
          name,
        ),
      );
    }
    return transfer;
  }, sent);
}

/** A maps of a number of VMAs, writable and inaccessible by turns. */
export function manyVmas(count: number): TestFile {
  let text = '';
  let at = 0x1000_0000;
  for (let i = 0; i < count; i++) {
    const end = at + 4096 * (1 + (i % 7));
    text += `${at.toString(16)}-${end.toString(16)} ${i % 2 ? 'rw-p' : '---p'} 00000000 00:00 0 \n`;
    at = end + (i % 500 === 499 ? 0x10_0000 : 0);
  }
  return { name: 'many', bytes: text };
}

/** A log of at least a number of lines: a recorded program, run again and again. */
export function longLog(program: string, lines: number): TestFile & { readonly lines: number } {
  const { bytes } = ofProgram(program, 'trace.strace');
  const once = bytes.toString('utf8').trimEnd().split('\n').length;
  const times = Math.ceil(lines / once);
  return { name: 'long.strace', bytes, times, lines: times * once };
}
