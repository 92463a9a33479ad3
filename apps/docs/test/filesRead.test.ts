import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readDroppedFiles } from '../src/files/droppedFiles.ts';
import { scenarioFile } from '../src/files/scenarioFile.ts';
import { pastedFile } from '../src/link/pastedFile.ts';
import { conformance } from './support/droppedFiles.ts';

const bytesOf = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(conformance(path)));
const fileOf = (path: string, name: string): File => new File([bytesOf(path)], name);

/** A tar of some files, as `tar -cf` writes it. */
function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = new Uint8Array(512);
    const put = (text: string, at: number): void => header.set(strToU8(text), at);
    put(name, 0);
    put(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    put('0', 156);
    put('ustar\0' + '00', 257);
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    return [header, padded];
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

describe('an archive', () => {
  const files = {
    'run/trace.strace': bytesOf('programs/guard-pool/trace.strace'),
    'run/initial.smaps': bytesOf('programs/guard-pool/initial.smaps'),
    'run/final.smaps': bytesOf('programs/guard-pool/final.smaps'),
    'run/.DS_Store': strToU8('x'),
  };
  const archives: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
    ['a zip', new Uint8Array(zipSync(files))],
    ['a tar', tarOf(files)],
    ['a tar.gz', new Uint8Array(gzipSync(tarOf(files)))],
  ];
  it.each(archives)('%s is the files that it holds', async (name, bytes) => {
    const read = await readDroppedFiles([new File([bytes], name)]);
    expect(read).toMatchObject({
      kind: 'strace',
      file: { name: 'trace.strace', size: files['run/trace.strace'].length },
      initial: { name: 'initial.smaps' },
      final: { name: 'final.smaps' },
    });
    expect(read?.notShown).toBeUndefined();
  });

  it('that is damaged says so', async () => {
    const [, [, tar]] = archives as [unknown, [string, Uint8Array<ArrayBuffer>]];
    const bad = new Uint8Array(tar);
    bad.set(strToU8('zzzzzzzzzzz'), 124);
    await expect(readDroppedFiles([new File([bad], 'a.tar')])).rejects.toThrow('a.tar: this tar file is damaged');
    const cut = archives[0]![1].slice(0, 2000);
    await expect(readDroppedFiles([new File([cut], 'a.zip')])).rejects.toThrow('a.zip: this zip file cannot be');
  });
});

describe('a map whose name does not say when it was read', () => {
  const programs = ['guard-pool', 'python-threads', 'bash-pipeline', 'forking-server', 'python-imports', 'gcc-hello'];
  it.each(programs)('%s: is known by the mappings that the log makes', async (program) => {
    const log = fileOf(`programs/${program}/trace.strace`, 'log');
    for (const when of ['initial', 'final'] as const) {
      const map = fileOf(`programs/${program}/${when}.smaps`, 'some.smaps');
      const read = await readDroppedFiles([map, log]);
      expect(read).toMatchObject({ kind: 'strace', [when]: { name: 'some.smaps' } });
      const notes = read !== null && 'notes' in read ? read.notes : [];
      expect(notes).toEqual([
        expect.stringMatching(
          `some.smaps is taken as the map of the ${when === 'final' ? 'end' : 'beginning'}: it holds`,
        ),
      ]);
    }
  });

  it('of two, each is the one that it is, in any order', async () => {
    const log = fileOf('programs/guard-pool/trace.strace', 'log');
    const [one, two] = [
      fileOf('programs/guard-pool/initial.smaps', '1'),
      fileOf('programs/guard-pool/final.smaps', '2'),
    ];
    for (const files of [
      [log, one, two],
      [log, two, one],
    ]) {
      expect(await readDroppedFiles(files)).toMatchObject({ initial: { name: '1' }, final: { name: '2' } });
    }
  });
});

describe('a text that is pasted', () => {
  const textOf = (path: string): string => new TextDecoder().decode(bytesOf(path));
  it('opens as a file where it is a log or a map', () => {
    expect(pastedFile(textOf('programs/guard-pool/trace.strace'))?.name).toBe('pasted strace log');
    expect(pastedFile(textOf('programs/guard-pool/final.smaps'))?.name).toBe('pasted smaps');
    expect(
      pastedFile('00400000-00401000 r-xp 00000000 fe:00 1 /bin/a\n7f00000000-7f00001000 rw-p 00000000 00:00 0\n')?.name,
    ).toBe('pasted maps');
  });

  it('stays text where the editor reads it, or where it is one line', () => {
    const [call = ''] = textOf('programs/guard-pool/trace.strace').split('\n');
    const arena = 'mmap(0x200000005000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000005000';
    for (const text of [
      'mmap 4+8 rw\nguard 6',
      call,
      `${arena}\nmunmap(0x200000005000, 4096) = 0`,
      'buy milk\nand eggs',
    ]) {
      expect(pastedFile(text)).toBeNull();
    }
  });
});

describe('a recording', () => {
  it('lists all of its scenarios, and reads any of them', async () => {
    const list = await scenarioFile(fileOf('recordings/kernels/6.18.44.jsonl.gz', 'r'), 'recording');
    expect(list.ids.length).toBeGreaterThan(1000);
    const last = list.ids.length - 1;
    expect((await list.read(last)).id).toBe(list.ids[last]);
    expect(list.header?.kernel).toBe('6.18.44');
  });
});

describe('files of more than one kind', () => {
  it('name what is not shown', async () => {
    const scenario = new File(['{"id":"a","ops":[{"op":"mmap","page":4,"pages":9,"prot":"rw"}]}\n'], 'a.jsonl');
    const other = new File(['{"id":"b","ops":[{"op":"mmap","page":4,"pages":9,"prot":"rw"}]}\n'], 'b.jsonl');
    const log = fileOf('programs/guard-pool/trace.strace', 'log');
    expect((await readDroppedFiles([scenario, log]))?.notShown).toEqual([
      'a.jsonl: a file of scenarios is opened alone',
    ]);
    expect((await readDroppedFiles([scenario, other]))?.notShown).toEqual([
      'b.jsonl: a file of scenarios is opened alone',
    ]);
  });
});
