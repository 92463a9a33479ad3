import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { createForkSim } from '../../src/worker/forkSim.ts';
import type { LoadStraceInput, MapSlice, SubjectState } from '../../src/worker/index.ts';
import { Job } from '../../src/worker/job.ts';
import { Navigator } from '../../src/worker/navigator.ts';
import { StraceSubject } from '../../src/worker/straceSubject.ts';
import { growingLog } from './samples.ts';

describe('stepping back through a log', () => {
  it.each(['guard-pool', 'python-threads', 'forking-server'])(
    'shows of %s what going forward shows',
    async (program) => {
      const input = recorded(program);
      const back = createForkSim();
      const forward = createForkSim();
      const { length } = await back.loadStrace(input);
      await forward.loadStrace(input);
      const shown: [SubjectState, MapSlice][] = [[await back.state(), await back.readMap()]];
      for (let n = length - 1; n >= 0; n--) {
        await back.stepBack();
        shown.unshift([await back.state(), await back.readMap()]);
      }
      await forward.jump(0);
      for (let n = 0; n <= length; n++) {
        // Looking at the pages brings the world itself to the position.
        await forward.readPages({ addr: 0, pages: 0 });
        expect([await forward.state(), await forward.readMap()]).toEqual(shown[n]);
        await forward.step();
      }
      await Promise.all([back.dispose(), forward.dispose()]);
    },
  );

  it('costs one run of the log for many steps, not one each', async () => {
    const calls = 20_000;
    const options = { profile: kernelProfile('6.19'), faults: 'on-map', explain: false } as const;
    const subject = new StraceSubject(growingLog(calls), 'log', options);
    const job = new Job({});
    const at = new Navigator(subject);
    await subject.load(job, () => at.see());
    at.arrive();
    let advances = 0;
    const advance = subject.advance.bind(subject);
    subject.advance = () => {
      advances++;
      return advance();
    };
    for (let n = 1; n < 60; n++) await at.goTo(calls - n, job);
    expect(advances).toBe(0);
    for (let n = 60; n < 1060; n++) await at.goTo(calls - n, job);
    expect(advances).toBeLessThan(calls);
    expect(subject.done).toBeLessThan(calls);
  });
});

function recorded(program: string): LoadStraceInput {
  const read = (file: string): string =>
    readFileSync(new URL(`../../../../conformance/programs/${program}/${file}`, import.meta.url), 'utf8');
  return { source: read('trace.strace'), initial: read('initial.smaps'), name: program };
}
