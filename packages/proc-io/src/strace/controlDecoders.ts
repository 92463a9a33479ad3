import { virtAddr } from 'vma-core';
import {
  PR_SET_MM_FIELDS,
  PR_SET_VMA_ATTRIBUTES,
  PRCTL_OPTIONS,
  UFFD_FEATURES,
  UFFD_FLAGS,
  UFFDIO_MODES,
} from './flagTables.ts';
import { FlagCache, nameOf, withoutComments } from './flagWords.ts';
import type { LineCursor } from './lineCursor.ts';
import { readText } from './processDecoders.ts';
import { readResult } from './readResult.ts';
import { structFields } from './splitArgs.ts';
import type { FlagsArgs, PrctlArgs, UffdioArgs } from './straceArgs.ts';
import { readFd } from './straceFd.ts';

const options = new FlagCache(PRCTL_OPTIONS);
const attributes = new FlagCache(PR_SET_VMA_ATTRIBUTES);
const mmFields = new FlagCache(PR_SET_MM_FIELDS);
const uffdFlags = new FlagCache(UFFD_FLAGS);
const features = new FlagCache(UFFD_FEATURES);
const modes = new FlagCache(UFFDIO_MODES);

/** `prctl`, where its option changes mappings; `null` for every other option. */
export function readPrctl(c: LineCursor): PrctlArgs | null {
  const args = c.split();
  readResult(c);
  const option = options.findText(args[0] ?? '');
  if (option === null) c.failAt(args[0] ?? '', 'prctl without its option');
  if (option === null || option.unknownNames !== null) return null;
  switch (option.value) {
    case PRCTL_OPTIONS.PR_SET_VMA:
      return readSetVma(c, args);
    case PRCTL_OPTIONS.PR_SET_MM: {
      const field = c.flagsOf(args[1] ?? '', mmFields);
      return {
        option: 'PR_SET_MM',
        field: nameOf(field, PR_SET_MM_FIELDS) ?? `0x${field.toString(16)}`,
        value: c.numberOf(args[2] ?? ''),
      };
    }
    case PRCTL_OPTIONS.PR_SET_THP_DISABLE:
      return { option: 'PR_SET_THP_DISABLE', value: c.numberOf(args[1] ?? '') };
    case PRCTL_OPTIONS.PR_SET_MEMORY_MERGE:
      return { option: 'PR_SET_MEMORY_MERGE', value: c.numberOf(args[1] ?? '') };
    default:
      return null;
  }
}

/** `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f12, 4096, "name")`; an old strace prints the name's address only. */
function readSetVma(c: LineCursor, args: readonly string[]): PrctlArgs | null {
  const attribute = attributes.findText(args[1] ?? '');
  if (attribute === null) c.failAt(args[1] ?? '', 'PR_SET_VMA without its attribute');
  if (attribute === null || attribute.value !== 0 || attribute.unknownNames !== null) return null;
  const name = withoutComments(args[4] ?? '').trim();
  return {
    option: 'PR_SET_VMA',
    addr: virtAddr(c.numberOf(args[2] ?? '')),
    length: c.numberOf(args[3] ?? ''),
    name: name.startsWith('"') ? readText(c, name).text : name === 'NULL' || name === '0' ? null : undefined,
  };
}

export function readUserfaultfd(c: LineCursor): FlagsArgs {
  const flags = c.flags(uffdFlags);
  readResult(c);
  return { flags };
}

/** The UFFDIO_ requests by their number, as `-X raw` prints them. */
const REQUESTS: ReadonlyMap<number, string> = new Map([
  [0xc018_aa3f, 'UFFDIO_API'],
  [0xc020_aa00, 'UFFDIO_REGISTER'],
  [0x8010_aa01, 'UFFDIO_UNREGISTER'],
  [0x8010_aa02, 'UFFDIO_WAKE'],
  [0xc028_aa03, 'UFFDIO_COPY'],
  [0xc020_aa04, 'UFFDIO_ZEROPAGE'],
  [0xc028_aa05, 'UFFDIO_MOVE'],
  [0xc018_aa06, 'UFFDIO_WRITEPROTECT'],
  [0xc020_aa07, 'UFFDIO_CONTINUE'],
  [0xc020_aa08, 'UFFDIO_POISON'],
]);

/** An ioctl of userfaultfd; `null` for any other. */
export function readIoctl(c: LineCursor): UffdioArgs | null {
  const args = c.split();
  readResult(c);
  const request = requestName(args[1] ?? '');
  if (request === null) return null;
  const fields = structFields(args[2] ?? '');
  const range = structFields(fields?.get('range') ?? '');
  const start = range?.get('start') ?? fields?.get('start') ?? fields?.get('dst');
  const length = range?.get('len') ?? fields?.get('len');
  const src = fields?.get('src');
  const mode = fields?.get('mode');
  const asked = fields?.get('features')?.split('=>')[0];
  const done = ['copy', 'zeropage', 'mapped', 'move', 'updated'].map((key) => fields?.get(key)).find((text) => text);
  return {
    fd: readFd(c, args[0] ?? ''),
    request,
    start: start === undefined ? null : virtAddr(c.numberOf(start)),
    length: length === undefined ? null : c.numberOf(length),
    src: src === undefined ? null : virtAddr(c.numberOf(src)),
    mode: mode === undefined ? null : c.flagsOf(mode, modes),
    features: asked === undefined ? null : c.flagsOf(asked, features),
    done: done === undefined ? null : c.numberOf(done),
  };
}

/** `UFFDIO_COPY`, `0xc028aa03 /* UFFDIO_COPY *\/`, `_IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0x3, 0x28)`. */
function requestName(text: string): string | null {
  if (text.startsWith('UFFDIO_')) return text;
  const word = withoutComments(text).trim();
  if (word.startsWith('0x')) return REQUESTS.get(Number(word)) ?? null;
  const ioc = /^_IOC\((.*), 0xaa, (0x[0-9a-f]+|0), (0x[0-9a-f]+)\)$/.exec(word);
  if (ioc === null) return null;
  const direction = (ioc[1]!.includes('_IOC_READ') ? 2 : 0) + (ioc[1]!.includes('_IOC_WRITE') ? 1 : 0);
  return REQUESTS.get(direction * 2 ** 30 + Number(ioc[3]) * 2 ** 16 + 0xaa00 + Number(ioc[2])) ?? null;
}
