import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { StraceEvent } from '../src/index.ts';
import { readLog } from './readLog.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme)?.[1] ?? '';
}

function show(event: StraceEvent): string {
  if (event.kind === 'unreadable') return `${event.line}:${event.column} unreadable: ${event.why}`;
  if (event.kind !== 'call') return `${event.line} ${event.kind}`;
  const { line, endLine, name, args, ret, errno } = event;
  return `${line}-${endLine} call ${name} ${JSON.stringify(args)} = ${ret}${errno === null ? '' : ` ${errno}`}`;
}

it('the log of the README becomes the events that it shows', () => {
  const { events, stats } = readLog(block('log'));
  const counted = [...stats.irrelevant].map(([name, count]) => `counted: ${name} ${count}`);
  expect(`${[...events.map(show), ...counted].join('\n')}\n`).toBe(block('events'));
});
