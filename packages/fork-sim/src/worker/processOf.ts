import { InvariantError } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { Subject } from './subject.ts';

/** A process of a subject; default: the one that is shown. @throws InvariantError where there is none of that pid */
export function processOf({ current, world }: Subject, pid: number | undefined): Process {
  if (pid === undefined) return current;
  const process = world.processes.get(pid);
  if (process !== undefined) return process;
  throw new InvariantError(`no process ${pid}; there are ${[...world.processes.keys()].join(', ')}`);
}
