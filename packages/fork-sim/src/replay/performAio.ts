import type { StraceCall } from 'proc-io';
import { MAP_FIXED, MAP_SHARED, NO_VMA, PAGE_SIZE, PROT_READ, PROT_WRITE, pageAlign, virtAddr } from 'vma-core';
import { munmap } from 'vma-core/calls';
import { onRange } from './onRange.ts';
import type { OpenFiles } from './openFiles.ts';
import { comparePlace, mapAt } from './performMmap.ts';
import type { ReplaySpace } from './replaySpace.ts';

type UnmodelledCall = Extract<StraceCall, { name: 'unmodelled' }>;

/** Bytes of `struct aio_ring` and of one `struct io_event`. */
const RING_HEADER = 32;
const EVENT = 32;

/**
 * `io_setup` maps the ring of an AIO context, a file of its own; `io_destroy` unmaps it. Kernel: `aio_setup_ring()`, fs/aio.c.
 *
 * @returns false: another call, or one whose arguments cannot be read
 */
export function performAio(space: ReplaySpace, call: UnmodelledCall, files: OpenFiles): boolean {
  const { syscall, text } = call.args;
  if (syscall === 'io_setup') {
    const [, events, ring] = /^\(?(\d+), \[(0x[0-9a-f]+)\]/.exec(text) ?? [];
    if (events === undefined || ring === undefined) return call.errno !== null;
    if (call.errno === null) mapRing(space, call, files, Number(events), Number(ring));
    return true;
  }
  if (syscall !== 'io_destroy') return false;
  const [, ring] = /^\(?(0x[0-9a-f]+)/.exec(text) ?? [];
  const at = Number(ring ?? 0);
  const { mm } = space.process;
  const vma = mm.vmaLookup(at);
  if (ring === undefined || vma === NO_VMA) return call.errno !== null;
  const length = mm.store.end[vma]! - at;
  if (call.errno === null) onRange(space, call, at, length, (on) => munmap(on, at, length));
  return true;
}

function mapRing(space: ReplaySpace, call: UnmodelledCall, files: OpenFiles, events: number, at: number): void {
  // Twice what was asked for, but at least eight for each processor; one more is lost between head and tail, at either end.
  const length = pageAlign(RING_HEADER + EVENT * (2 * events + 2));
  if (length === PAGE_SIZE) {
    space.notes.assumptions.add(
      'The ring of io_setup was taken as of the size asked for; processors may make it larger.',
    );
  }
  const mapped = { ...call, ret: virtAddr(at) };
  const request = {
    length,
    prot: PROT_READ | PROT_WRITE,
    flags: MAP_SHARED,
    file: files.unnamed('/[aio]'),
    pgoff: 0,
  };
  comparePlace(space, mapped, request);
  mapAt(space, call, { ...request, flags: MAP_SHARED | MAP_FIXED }, at);
  space.settle(call, at, at + length);
}
