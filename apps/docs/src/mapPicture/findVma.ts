import { vmaOfAddr } from 'fork-sim/picture';
import type { MapSlice } from 'fork-sim/worker';

/** An address as /proc has it: hexadecimal, with or without `0x`, or a range, of which the beginning counts. */
const ADDRESS = /^(?:0x)?([0-9a-f]{4,16})(?:-(?:0x)?[0-9a-f]+)?$/i;

/**
 * Finds the VMA that holds an address, or the next one whose file or name has the text in it, from the first again after the last.
 * @param after index of the VMA after which the search begins; -1: at the first
 * @returns its index; -1: there is none
 */
export function findVma(map: MapSlice, text: string, after: number): number {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return -1;
  const address = ADDRESS.exec(wanted)?.[1];
  if (address !== undefined) {
    const addr = Number.parseInt(address, 16);
    const at = vmaOfAddr(map, addr);
    if (at >= 0 && map.start[at]! <= addr) return at;
  }
  for (let by = 1; by <= map.count; by++) {
    const at = (after + by) % map.count;
    if ((map.names[map.name[at]!] ?? '').toLowerCase().includes(wanted)) return at;
  }
  return -1;
}
