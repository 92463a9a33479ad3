import { expect, it } from 'vitest';
import * as core from '../../src/index.ts';
import { adviceByName, adviceName, MADV } from '../../src/index.ts';

it('every advice is a constant of its own, and a row of MADV', () => {
  const constants = Object.entries(core).filter(([name]) => name.startsWith('MADV_'));
  expect(Object.fromEntries(constants.map(([name, value]) => [name.slice(5), value]))).toEqual(MADV);
  for (const [name, value] of constants)
    expect([adviceByName(name), adviceName(Number(value))]).toEqual([value, name.slice(5)]);
});
