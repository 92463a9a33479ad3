import { formatStraceArgs, type StraceCall } from 'proc-io';
import type { CallRef, HexAddress } from './replayReport.ts';

/** A call, for a reader. */
export function callRef(call: StraceCall): CallRef {
  const name = call.name === 'unmodelled' ? call.args.syscall : call.name;
  return { line: call.line, call: `${name}(${formatStraceArgs(call)})` };
}

/** An address as a report prints it. */
export function hexAddress(address: number): HexAddress {
  return `0x${address.toString(16)}`;
}

/** A result as a report prints it: errno names as they are, addresses in hex, small numbers plain. */
export function showResult(result: string | number): string {
  if (typeof result === 'string') return result;
  return result > 0xffff ? hexAddress(result) : String(result);
}
