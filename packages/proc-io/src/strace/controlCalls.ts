import { virtAddr } from 'vma-core';
import { type CallSyntax, printFlags, readQuoted, readTexts } from './callSyntax.ts';
import {
  NO_FLAGS,
  PR_MDWE_FLAGS,
  PR_SET_MM_FIELDS,
  PR_SET_VMA_ATTRIBUTES,
  PRCTL_OPTIONS,
  UFFD_FEATURES,
  UFFDIO_MODES,
} from './flagTables.ts';
import { FlagCache, nameOf, withoutComments } from './flagWords.ts';
import { decimal, hex } from './formatNumber.ts';
import type { LineCursor } from './lineCursor.ts';
import { escapeText } from './quotedText.ts';
import { structFields } from './splitArgs.ts';
import type { PrctlArgs, UffdioArgs } from './straceArgs.ts';
import { formatFd, readFd } from './straceFd.ts';

const options = new FlagCache(PRCTL_OPTIONS);
const attributes = new FlagCache(PR_SET_VMA_ATTRIBUTES);
const mmFields = new FlagCache(PR_SET_MM_FIELDS);
const mdweFlags = new FlagCache(PR_MDWE_FLAGS);
const features = new FlagCache(UFFD_FEATURES);
const modes = new FlagCache(UFFDIO_MODES);

/** `prctl`, where its option changes mappings; `null` for every other option. */
export const prctl: CallSyntax<PrctlArgs> = {
  read(c) {
    const args = readTexts(c);
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
      case PRCTL_OPTIONS.PR_SET_MDWE:
        return { option: 'PR_SET_MDWE', value: c.flagsOf(args[1] ?? '', mdweFlags) };
      case PRCTL_OPTIONS.PR_SET_MEMORY_MERGE:
        return { option: 'PR_SET_MEMORY_MERGE', value: c.numberOf(args[1] ?? '') };
      default:
        return null;
    }
  },
  print(a, unknown) {
    switch (a.option) {
      case 'PR_SET_VMA': {
        const name = a.name === undefined ? '0x1' : a.name === null ? 'NULL' : `"${escapeText(a.name)}"`;
        return `PR_SET_VMA, PR_SET_VMA_ANON_NAME, ${hex(a.addr)}, ${decimal(a.length)}, ${name}`;
      }
      case 'PR_SET_MM':
        return `PR_SET_MM, ${a.field}, ${hex(a.value)}, 0, 0`;
      case 'PR_SET_THP_DISABLE':
      case 'PR_SET_MEMORY_MERGE':
        return `${a.option}, ${decimal(a.value)}, 0, 0, 0`;
      case 'PR_SET_MDWE':
        return `PR_SET_MDWE, ${printFlags(a.value, PR_MDWE_FLAGS, unknown)}, 0, 0, 0`;
      default:
        return a satisfies never;
    }
  },
};

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
    name: name.startsWith('"') ? readQuoted(c, name).text : name === 'NULL' || name === '0' ? null : undefined,
  };
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
export const ioctl: CallSyntax<UffdioArgs> = {
  read(c) {
    const args = readTexts(c);
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
  },
  print(a, unknown) {
    const inRange = a.start === null || a.length === null ? null : `start=${hex(a.start)}, len=${hex(a.length)}`;
    const fields: string[] = [];
    if (a.features !== null) fields.push('api=0xaa', `features=${printFlags(a.features, UFFD_FEATURES, unknown)}`);
    if (a.src !== null && a.start !== null)
      fields.push(`dst=${hex(a.start)}, src=${hex(a.src)}, len=${hex(a.length ?? 0)}`);
    else if (inRange !== null) fields.push(a.mode === null ? inRange : `range={${inRange}}`);
    if (a.mode !== null) fields.push(`mode=${printFlags(a.mode, NO_FLAGS, unknown)}`);
    if (a.done !== null) {
      const field = a.request === 'UFFDIO_ZEROPAGE' ? 'zeropage' : 'copy';
      fields.push(`${field}=${a.done < 0 ? String(a.done) : hex(a.done)}`);
    }
    return `${formatFd(a.fd)}, ${a.request}, ${fields.length === 0 ? '0x1' : `{${fields.join(', ')}}`}`;
  },
};

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
