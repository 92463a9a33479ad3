import type { MapState, MapVma } from 'fork-sim';
import { explain } from 'fork-sim/words';
import { type ReactNode, useMemo, useState } from 'react';
import { kernelProfile, parseVmFlags, type VmFlags, vmFlags } from 'vma-core';
import { type DiagramOutcome, type LetterOptions, mergeDiagram } from 'vma-core/diagram';
import { stateSentence } from '../words/phrases.ts';
import { Interactive } from './Interactive.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Strip } from './Strip.tsx';

/** What the reader sets for one of the three ranges. */
interface Part {
  readonly flags: string;
  readonly guard: boolean;
  readonly softDirty: boolean;
  readonly file: number;
  readonly anonVma: number;
  readonly forkChild: boolean;
  /** Pages by which the offset is off. */
  readonly shift: number;
}

const PLAIN: Part = { flags: 'rw', guard: false, softDirty: false, file: 0, anonVma: 0, forkChild: false, shift: 0 };
const PROTS: Readonly<Record<string, string>> = {
  rw: 'rd wr mr mw me ac',
  r: 'rd mr mw me ac',
  none: 'mr mw me ac',
  rwio: 'rd wr mr mw me io',
};
const PROT_NAMES: Readonly<Record<string, string>> = { rw: 'rw', r: 'r', none: 'none', rwio: 'rw, device' };

type Names = 'prev' | 'middle' | 'next';
const LETTER: Readonly<Record<Names, string>> = { prev: 'P', middle: 'M', next: 'N' };
const COLUMNS: Readonly<Record<Names, number>> = { prev: 0, middle: 4, next: 8 };

function flagsOf(part: Part): VmFlags {
  const base = parseVmFlags(PROTS[part.flags] ?? '');
  return vmFlags(base, part.guard ? parseVmFlags('gu') : 0n, part.softDirty ? parseVmFlags('sd') : 0n);
}

function letterOf(part: Part, name: Names): LetterOptions {
  return {
    flags: flagsOf(part),
    file: part.file || null,
    pgoff: COLUMNS[name] + part.shift,
    anonPgoff: COLUMNS[name] + part.shift,
    anonVma: part.anonVma || null,
    anonVmaChain: part.anonVma ? (part.forkChild ? 2 : 1) : 0,
  };
}

/** Three ranges that touch, set by hand: may the middle one join its neighbours? The engine answers. */
export function MergeByHand(): ReactNode {
  const [parts, setParts] = useState<Record<Names, Part>>({
    prev: PLAIN,
    middle: { ...PLAIN, guard: true },
    next: { ...PLAIN, shift: 2 },
  });
  const [kind, setKind] = useState<'new' | 'existing'>('existing');
  const [profile, setProfile] = useState('6.19');
  const outcome = useMemo(() => {
    const drawing = kind === 'new' ? 'PPPP****NNNN' : 'PPPPmmmmNNNN';
    const middle = letterOf(parts.middle, 'middle');
    return mergeDiagram(drawing, {
      profile,
      letters: {
        P: letterOf(parts.prev, 'prev'),
        [kind === 'new' ? '*' : 'M']: middle,
        N: letterOf(parts.next, 'next'),
      },
    });
  }, [parts, kind, profile]);
  const sticky = kernelProfile(profile).sticky;
  const before = drawParts(parts, kind, sticky);
  const verdict =
    outcome.state === 'success'
      ? `Merged: ${outcome.into === 'both' ? 'all three are one VMA' : `the middle joins ${outcome.into}`}.`
      : 'No merge.';
  const merged = outcome.state === 'success' ? outcome.merged.vmFlags : null;
  const after = outcome.state === 'success' ? drawAfter(before, outcome, sticky) : null;
  return (
    <Interactive>
      <section className="panel merge-by-hand" aria-label="Merging by hand">
        <div className="player-head">
          <p className="player-title">May the middle join?</p>
          <label className="profile-select">
            <span>The middle is</span>
            <select value={kind} onChange={(event) => setKind(event.target.value as 'new' | 'existing')}>
              <option value="new">new: mmap</option>
              <option value="existing">there already: mprotect</option>
            </select>
          </label>
          <ProfileSelect value={profile} onChange={setProfile} />
        </div>
        <p className="figure-title">Before</p>
        <Strip state={before} view={{ from: 0, to: 12 }} label={`Before: P, M and N touch. ${verdict}`} />
        <p className="verdict" role="status">
          {verdict}
          {merged !== null && (merged & parseVmFlags('gu')) !== 0n ? ' The result has gu.' : ''}
        </p>
        <div className="merge-after">
          {after !== null && (
            <>
              <p className="figure-title">After</p>
              <Strip state={after} view={{ from: 0, to: 12 }} label={`After: ${stateSentence(after)}`} ruler={false} />
            </>
          )}
        </div>
        <ul className="sentences">
          {outcome.prev && <li>P stays out. {explain(outcome.prev)}</li>}
          {outcome.next && <li>N stays out. {explain(outcome.next)}</li>}
        </ul>
        <div className="form-grid">
          {(['prev', 'middle', 'next'] as const).map((name) => (
            <PartForm
              key={name}
              title={`${LETTER[name]}, ${name}`}
              part={parts[name]}
              onChange={(part) => setParts({ ...parts, [name]: part })}
            />
          ))}
        </div>
      </section>
    </Interactive>
  );
}

function PartForm(props: { title: string; part: Part; onChange: (part: Part) => void }): ReactNode {
  const { title, part, onChange } = props;
  return (
    <fieldset>
      <legend>{title}</legend>
      <label>
        permissions
        <select value={part.flags} onChange={(event) => onChange({ ...part, flags: event.target.value })}>
          {Object.keys(PROTS).map((prot) => (
            <option key={prot} value={prot}>
              {PROT_NAMES[prot]}
            </option>
          ))}
        </select>
      </label>
      <label>
        gu: may hold guards
        <input
          type="checkbox"
          checked={part.guard}
          onChange={(event) => onChange({ ...part, guard: event.target.checked })}
        />
      </label>
      <label>
        sd: soft-dirty
        <input
          type="checkbox"
          checked={part.softDirty}
          onChange={(event) => onChange({ ...part, softDirty: event.target.checked })}
        />
      </label>
      <label>
        file
        <select value={part.file} onChange={(event) => onChange({ ...part, file: Number(event.target.value) })}>
          <option value={0}>none</option>
          <option value={1}>file 1</option>
          <option value={2}>file 2</option>
        </select>
      </label>
      <label>
        anon_vma
        <select value={part.anonVma} onChange={(event) => onChange({ ...part, anonVma: Number(event.target.value) })}>
          <option value={0}>none</option>
          <option value={1}>av1</option>
          <option value={2}>av2</option>
        </select>
      </label>
      <label>
        inherited over a fork
        <input
          type="checkbox"
          checked={part.forkChild}
          disabled={part.anonVma === 0}
          onChange={(event) => onChange({ ...part, forkChild: event.target.checked })}
        />
      </label>
      <label>
        offset off by (pages)
        <input
          type="number"
          min={-64}
          max={64}
          value={part.shift}
          onChange={(event) => onChange({ ...part, shift: Math.trunc(Number(event.target.value)) || 0 })}
        />
      </label>
    </fieldset>
  );
}

/** What a merge leaves: the merged VMA with its own flags, and a neighbour that stayed out as it was. */
function drawAfter(
  before: MapState,
  outcome: DiagramOutcome & { readonly state: 'success' },
  sticky: VmFlags,
): MapState {
  const { merged, after } = outcome;
  const vmas = [...new Set(after)].flatMap((letter): MapVma[] => {
    const was = before.vmas.find((vma) => vma.letter === letter);
    if (was === undefined) return [];
    const [start, end] = [after.indexOf(letter), after.lastIndexOf(letter) + 1];
    if (end - start === was.end - was.start) return [was];
    const has = (word: string): boolean => (merged.vmFlags & parseVmFlags(word)) !== 0n;
    const flags = ['gu', 'sd', 'io'].filter(has);
    return [
      {
        ...was,
        start,
        end,
        perms: `${has('rd') ? 'r' : '-'}${has('wr') ? 'w' : '-'}-p`,
        flags,
        sticky: flags.filter((word) => (parseVmFlags(word) & sticky) !== 0n),
        anonVma: merged.anonVma,
        chain: merged.anonVmaChain,
      },
    ];
  });
  return { ...before, vmas };
}

function drawParts(parts: Record<Names, Part>, kind: 'new' | 'existing', sticky: VmFlags): MapState {
  const stickyWords = [parseVmFlags('gu') & sticky ? 'gu' : '', parseVmFlags('sd') & sticky ? 'sd' : ''];
  const vmas = (['prev', 'middle', 'next'] as const).map((name): MapVma => {
    const part = parts[name];
    const flags = [
      ...(part.guard ? ['gu'] : []),
      ...(part.softDirty ? ['sd'] : []),
      ...(part.flags === 'rwio' ? ['io'] : []),
    ];
    return {
      letter: name === 'middle' && kind === 'new' ? '✱' : LETTER[name],
      start: COLUMNS[name],
      end: COLUMNS[name] + 4,
      perms: part.flags === 'none' ? '---p' : part.flags === 'r' ? 'r--p' : 'rw-p',
      backing: part.file ? `file ${part.file}` : 'anon',
      kind: part.file ? 'private' : 'anon',
      pgoff: COLUMNS[name] + part.shift,
      flags,
      sticky: flags.filter((word) => stickyWords.includes(word)),
      anonVma: part.anonVma || null,
      chain: part.anonVma ? (part.forkChild ? 2 : 1) : 0,
      name: null,
    };
  });
  const pages = [{ name: '', first: 0, letters: ' '.repeat(12) }];
  return { pid: 0, span: 12, vmas, pages, ptes: [], softDirty: '', borders: [], tables: [], tablesKb: 0 };
}
