import { describe, expect } from 'vitest';
import { cli } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

describe('scenarios that cannot be', () => {
  rightCase(
    'hostile/win.jsonl',
    { right: 'an error with its place: a window cannot be called __proto__', before: 'internal error: a TypeError' },
    async () => {
      const { status, err } = await cli(['run', caseFile('hostile/win.jsonl')]);
      expect(status).toBe(2);
      expect(err).toMatch(/win\.jsonl:1:\d+: window "__proto__" cannot have this name/);
    },
  );
});
