import { DEFAULT_MAX_BYTES } from 'fork-sim';
import type { CliIo } from './cliIo.ts';
import { UsageError } from './usageError.ts';

/**
 * Bytes that a model may take: 2 GiB, or what the environment's VMA_LAB_MAX_BYTES says.
 *
 * @throws UsageError where that is no number
 */
export function maxBytes({ env }: CliIo): number {
  const text = env.VMA_LAB_MAX_BYTES;
  if (text === undefined) return DEFAULT_MAX_BYTES;
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`VMA_LAB_MAX_BYTES must be a number of bytes, not "${text}"`);
  return Number(text);
}
