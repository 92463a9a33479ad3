// The first task of the author of a language runtime, with fork-sim alone: what guard pages cost in a log, what guard markers would save, and which
// calls would fail at a lower limit.
import assert from 'node:assert/strict';
import { InputError, report, whatIf } from 'fork-sim';

const base = 0x7f0000000000;
const hex = (address) => `0x${address.toString(16)}`;
const lines = [];
for (let thread = 0; thread < 20; thread++) {
  const stack = base + thread * 0x100000;
  lines.push(
    `mmap(NULL, 69632, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK, -1, 0) = ${hex(stack)}`,
    `mprotect(${hex(stack)}, 4096, PROT_NONE) = 0`,
  );
}
const log = `${lines.join('\n')}\n`;

const { headline, overview } = report(log);
assert.match(headline, /VMAs at the peak/);
assert.equal(overview.vmas.peak, 40);
const { before, after, guards } = whatIf(log, { guards: 'markers' });
assert.deepEqual([before.peakVmas, after.peakVmas, guards.guards], [40, 20, 20]);
assert.ok(whatIf(log, { maxMapCount: 30 }).calls.length > 0);
assert.throws(() => report(''), InputError);
console.log('runtime author: ok');
