import { describe, expect, it } from 'vitest';
import type { ForkSimApi, MapSlice } from '../../src/worker/index.ts';
import { BLOCK_LINES, garbledBlock, growingLog } from './samples.ts';

/** Replays of logs: a part of what holds for a simulation wherever it runs. */
export function describeLogs(sim: () => ForkSimApi): void {
  describe('replays a log', () => {
    it('from a string, a Blob, a stream, bytes and gzip, with one outcome', async () => {
      const text = growingLog(300);
      const bytes = new TextEncoder().encode(text);
      const gzip = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')));
      const sources = [text, new Blob([text]), new Blob([text]).stream(), bytes, await gzip.blob()];
      const answers = [];
      for (const source of sources) answers.push(await sim().loadStrace({ source, name: 'log' }));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(answers[0]).toMatchObject({ lines: 300, calls: 300, unreadable: [], position: 300, length: 300 });
      expect(answers[0]?.outcome).toMatchObject({
        performed: 300,
        wrongResults: { count: 0 },
        wrongPlaces: { count: 0 },
      });
    });

    it('and goes back through it, exactly', async () => {
      await sim().loadStrace({ source: new Blob([growingLog(300)]).stream() });
      const seen: MapSlice[] = [];
      for (let n = 0; n <= 300; n += 20) {
        await sim().jump(n);
        seen.push(await sim().readMap());
      }
      for (let n = 300; n >= 0; n -= 20) {
        expect(await sim().jump(n)).toMatchObject({ position: n, vmas: seen[n / 20]?.count });
        expect(await sim().readMap()).toEqual(seen[n / 20]);
      }
      expect((await sim().jump(7)).call).toMatchObject({ line: 7 });
      expect((await sim().stepBack(2)).call).toMatchObject({ line: 5 });
    });

    it('and lists every line that it cannot read, and loses none', async () => {
      const source = new Blob(Array.from({ length: 40 }, garbledBlock));
      const { lines, calls, unreadable } = await sim().loadStrace({ source, name: 'garbled' });
      expect(lines).toBe(40 * BLOCK_LINES);
      expect(calls).toBe(40 * (BLOCK_LINES - 1));
      expect(unreadable.map(({ line }) => line)).toEqual(Array.from({ length: 40 }, (_, i) => (i + 1) * BLOCK_LINES));
      expect(unreadable[0]?.text).toContain('this is no call');
    });

    it('on two kernels', async () => {
      const load = { source: new Blob([growingLog(100)]).stream() };
      const answer = await sim().compare({ input: { kind: 'strace', load }, profiles: ['6.12', '7.3'] });
      expect(answer.sides.map((side) => side.outcome?.performed)).toEqual([100, 100]);
      expect(answer.sameMap).toBe(true);
    });
  });
}
