import { closeSync, openSync, readSync } from 'node:fs';
import { InputError } from 'proc-io';
import { type KernelProfile, ProfileError } from 'vma-core';
import { defineKernelProfile, type ProfileOverrides } from 'vma-core/profiles';
import { readKernel } from '../cli/options.ts';
import { printableText } from '../cli/printable.ts';

/** Bytes of a file that holds a profile, and characters of its name, at most. */
const MOST_BYTES = 1 << 16;
const LONGEST_NAME = 100;

/**
 * A profile by its name or version, or one's own from a JSON file: `name`, `from`, and the fields that differ.
 * @throws InputError where the file holds no profile; UsageError where the text names none
 */
export function readProfile(text: string): KernelProfile {
  if (!/\.json$|\//.test(text)) return readKernel(text).profile;
  const input = { file: text };
  try {
    return profileOf(JSON.parse(readShort(text)), input);
  } catch (error) {
    if (error instanceof ProfileError || error instanceof SyntaxError) throw new InputError(error.message, input);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new InputError(`cannot be read: ${message}`, input);
    throw error;
  }
}

function profileOf(value: unknown, input: { readonly file: string }): KernelProfile {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError('a profile is an object: {"name": "mine", "from": "6.19", ...}', input);
  }
  const { name = 'own', from = '6.19', ...overrides } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name.length > LONGEST_NAME || printableText(name) !== name) {
    throw new InputError(`"name" is a text of at most ${LONGEST_NAME} characters that can be printed`, input);
  }
  if (typeof from !== 'string') throw new InputError('"from" is the name of a profile, such as "6.19"', input);
  return defineKernelProfile(name, from, overrides as ProfileOverrides);
}

/** The text of a file that is no longer than a profile may be. */
function readShort(path: string): string {
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let more = 1; more > 0 && length < bytes.length; length += more)
      more = readSync(file, bytes, length, bytes.length - length, null);
    if (length > MOST_BYTES) throw new InputError(`more than ${MOST_BYTES} bytes: no profile`, { file: path });
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
