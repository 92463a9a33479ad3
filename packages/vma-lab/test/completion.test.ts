import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/commands.ts';
import { cli } from './cli.ts';

const names = COMMANDS.map(({ name }) => name);

describe('completion', () => {
  /** What bash offers for the last of some words, of several command lines at once: a process takes long to start. */
  async function offered(...lines: readonly (readonly string[])[]): Promise<string[][]> {
    const { out } = await cli(['completion', 'bash']);
    const asked = lines.map((words) => {
      const list = words.map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(vma-lab ${list}); COMP_CWORD=${words.length}; _vma_lab; echo "\${COMPREPLY[*]}"`;
    });
    const printed = execFileSync('bash', ['--norc', '-c', `${out}\n${asked.join('\n')}`], { encoding: 'utf8' });
    return printed
      .split('\n')
      .slice(0, lines.length)
      .map((line) => line.split(' ').filter((word) => word !== ''));
  }

  it('of bash: commands, their options, the values of an option, and nothing where a file is meant', async () => {
    const [commands, some, options, values, kernels, file, operand] = await offered(
      [''],
      ['wh'],
      ['why', 'a.smaps', '--'],
      ['replay', '--faults', 'n'],
      ['fork', '--kernel', '6.1'],
      ['replay', '--initial', ''],
      ['why', ''],
    );
    expect(commands).toEqual([...names, '--help', '--version']);
    expect(some).toEqual(['why', 'what-if']);
    expect(options).toEqual([
      '--kernel',
      '--initial',
      '--faults',
      '--fault-log',
      '--process',
      '--all',
      '--json',
      '--ascii',
      '--help',
    ]);
    expect(values).toEqual(['never']);
    expect(kernels).toEqual(['6.1', '6.12', '6.16', '6.18', '6.19']);
    expect(file).toEqual([]);
    expect(operand).toEqual([]);
  });

  it.each(['zsh', 'fish'])('of %s: every command and option', async (shell) => {
    const { out, status } = await cli(['completion', shell]);
    expect(status).toBe(0);
    for (const { name, options } of COMMANDS) {
      expect(out).toContain(name);
      for (const { long } of options) expect(out).toContain(long?.slice(2));
    }
    // Quotes are closed on each line.
    for (const line of out.split('\n')) expect(line.split("'").length % 2, line).toBe(1);
  });

  it('of another shell: which there are', async () => {
    const { err, status } = await cli(['completion', 'tcsh']);
    expect({ err, status }).toEqual({
      err: 'vma-lab: there are completions for bash, zsh, fish; not for "tcsh"\n',
      status: 2,
    });
  });
});
