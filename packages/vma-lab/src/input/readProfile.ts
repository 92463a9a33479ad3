import { readFileSync } from 'node:fs';
import { InputError } from 'proc-io';
import { defineKernelProfile, type KernelProfile, ProfileError, type ProfileOverrides } from 'vma-core';
import { readKernel } from '../cli/options.ts';

/**
 * A profile by its name or version, or one's own from a JSON file: `name`, `from`, and the fields that differ.
 * @throws InputError where the file holds no profile; UsageError where the text names none
 */
export function readProfile(text: string): KernelProfile {
  if (!/\.json$|\//.test(text)) return readKernel(text).profile;
  const input = { file: text };
  try {
    const {
      name = 'own',
      from = '6.19',
      ...overrides
    } = JSON.parse(readFileSync(text, 'utf8')) as Record<string, unknown>;
    return defineKernelProfile(String(name), String(from), overrides as ProfileOverrides);
  } catch (error) {
    if (error instanceof ProfileError || error instanceof SyntaxError) throw new InputError(error.message, input);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new InputError(`cannot be read: ${message}`, input);
    throw error;
  }
}
