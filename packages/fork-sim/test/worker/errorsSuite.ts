import { InputError } from 'proc-io';
import { OutOfMemoryError } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { PAGE_SIZE, ProfileError } from 'vma-core';
import type { Scenario } from '../../src/index.ts';
import { type ForkSimApi, ProtocolError } from '../../src/worker/index.ts';
import { apartLog, growingLog, HUGE_SCENARIO, hugeLog, SHARED_FILE } from './samples.ts';
import { errorOf } from './suiteTools.ts';

const GIB = 2 ** 30;

/** What is said of wrong input: a part of what holds for a simulation wherever it runs. */
export function describeErrors(sim: () => ForkSimApi): void {
  describe('says what is wrong', () => {
    it('with the place in a scenario', async () => {
      const error = await errorOf(
        sim().loadScenario({ scenario: '{"id":"x","ops":[{"op":"mmap","pag":1}]}', name: 'a.jsonl' }),
      );
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ file: 'a.jsonl', line: 1, column: 37 });
      expect((error as InputError).message).toContain('mmap has no field "pag"');
      const scenario = { id: 'x', ops: [{ op: 'mmap', pag: 1 }] } as unknown as Scenario;
      const other = await errorOf(sim().loadScenario({ scenario, name: 'mine' }));
      expect(other).toMatchObject({ name: 'InputError', file: 'mine', line: 1 });
      expect(other?.message).toMatch(/^ops\.0(\.pag)?: mmap has no field "pag"/);
    });

    it('with the place in a smaps', async () => {
      const error = await errorOf(
        sim().loadSmaps({ source: '7f00-8f00 rw-p 00000000 00:00 0\nnonsense\n', name: 'smaps' }),
      );
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ file: 'smaps' });
    });

    it('for what is no log, and what was loaded stays', async () => {
      await sim().loadScenario({ scenario: SHARED_FILE });
      expect(await errorOf(sim().loadStrace({ source: 'dear diary\n'.repeat(60) }))).toBeInstanceOf(InputError);
      expect(await sim().step()).toMatchObject({ kind: 'scenario', position: 1 });
    });

    it('for an unknown kernel', async () => {
      expect(await errorOf(sim().newProcess({ profile: 'minix' }))).toBeInstanceOf(ProfileError);
    });

    it('when memory runs out, with the size asked for; smaller work then goes through', async () => {
      await sim().newProcess({ maxBytes: 2 ** 24 });
      const error = await errorOf(sim().buildAnon({ bytes: 16 * GIB }));
      expect(error).toBeInstanceOf(OutOfMemoryError);
      const { bytes, held, limit, message } = error as OutOfMemoryError;
      expect(limit).toBe(2 ** 24);
      expect(bytes + held).toBeGreaterThan(limit);
      expect(message).toContain(`${bytes} bytes more are needed, ${held} are in use`);
      expect((await sim().state()).modelBytes).toBe(held);
      expect((await sim().touch({ addr: 0, pages: 1, access: 'read' })).signals.MAPERR).toBe(1);
      await sim().newProcess({ maxBytes: 2 ** 24 });
      expect((await sim().buildAnon({ bytes: 2 ** 20 })).pages).toBe(256);
    });

    it('when memory runs out in a log, for its VMAs or its pages; what was replayed can be used', async () => {
      for (const [source, least] of [
        [apartLog(10_000), 1000],
        [hugeLog(), 1],
      ] as const) {
        const load = { source, explain: false, options: { maxBytes: 2 ** 20 } };
        expect(await errorOf(sim().loadStrace(load))).toMatchObject({ name: 'OutOfMemoryError', limit: 2 ** 20 });
        const { kind, position, modelBytes, vmas } = await sim().state();
        expect(kind).toBe('strace');
        expect(position).toBeGreaterThanOrEqual(least);
        expect(modelBytes).toBeLessThanOrEqual(2 ** 20);
        expect((await sim().readMap()).count).toBe(vmas);
        expect(await sim().stepBack()).toMatchObject({ position: position - 1 });
      }
    });

    it('when memory runs out in a scenario, a trace, a comparison or a smaps', async () => {
      const options = { maxBytes: 2 ** 20 };
      const outOfMemory = { name: 'OutOfMemoryError', limit: 2 ** 20 };
      const load = { scenario: HUGE_SCENARIO, options };
      await sim().loadScenario(load);
      expect(await errorOf(sim().step())).toMatchObject(outOfMemory);
      expect((await sim().state()).modelBytes).toBeLessThanOrEqual(2 ** 20);
      expect(await sim().jump(0)).toMatchObject({ position: 0, vmas: 0 });
      const input = { kind: 'scenario', load } as const;
      expect(await errorOf(sim().compare({ input, profiles: ['6.18', '6.19'] }))).toMatchObject(outOfMemory);
      const trace = { scenario: HUGE_SCENARIO, options: { profile: '6.19', ...options } };
      expect(await errorOf(sim().trace(trace))).toMatchObject(outOfMemory);
      const line = (page: number): string => `${hex(2 * page)}-${hex(2 * page + 1)} r--p 00000000 00:00 0 \n`;
      const hex = (page: number): string => (0x1000_0000_0000 + page * PAGE_SIZE).toString(16);
      const source = Array.from({ length: 10_000 }, (_, i) => line(i)).join('');
      expect(await errorOf(sim().loadSmaps({ source, options }))).toMatchObject(outOfMemory);
      // What was loaded before is still there.
      expect(await sim().state()).toMatchObject({ kind: 'scenario', position: 0 });
    });

    it('when a source cannot be read on, with the line; what was replayed can be used', async () => {
      let chunks = 0;
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (++chunks <= 3) controller.enqueue(new TextEncoder().encode(growingLog(100)));
          else controller.error(new Error('the disk is gone'));
        },
      });
      const error = await errorOf(sim().loadStrace({ source, name: 'torn' }));
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({ file: 'torn' });
      expect((error as InputError).message).toContain('the disk is gone');
      // How much a stream that breaks hands over before that is up to the platform: all, or less.
      const { name, position } = await sim().state();
      expect((error as InputError).line).toBe(name === 'torn' ? position + 1 : 1);
    });

    it('for damaged gzip', async () => {
      const packed = new Blob([growingLog(5000)]).stream().pipeThrough(new CompressionStream('gzip'));
      const whole = new Uint8Array(await new Response(packed).arrayBuffer());
      const error = await errorOf(sim().loadStrace({ source: whole.slice(0, whole.length / 2) }));
      expect(error).toBeInstanceOf(InputError);
    });

    it('for a source that is none, and for half a page', async () => {
      expect(await errorOf(sim().loadStrace({ source: 7 as unknown as string }))).toBeInstanceOf(ProtocolError);
      await sim().newProcess();
      expect((await errorOf(sim().buildAnon({ bytes: 1 })))?.name).toBe('InvariantError');
    });
  });
}
