import { countOf, formatCount, formatKb, formatPages } from 'fork-sim/words';
import type { CompareAnswer, CompareInput, CompareSide } from 'fork-sim/worker';
import { type ReactNode, useMemo, useState } from 'react';
import { KernelSelect } from '../KernelSelect.tsx';
import { ComparedMaps } from './ComparedMaps.tsx';
import { JobProgress } from './JobProgress.tsx';
import { MapDifferences } from './MapDifferences.tsx';
import { Problem } from './Problem.tsx';
import { useJob } from './useJob.ts';

interface KernelsProps {
  readonly input: CompareInput['input'];
  readonly profile: string;
  /** Shows a line of the log; absent for a map. */
  readonly onLine?: (line: number) => void;
}

/** The same file on two kernels: figures side by side, results and maps where they differ. In a worker of its own. */
export function Kernels({ input, profile, onLine }: KernelsProps): ReactNode {
  const [other, setOther] = useState(profile === '6.18' ? '6.19' : '6.18');
  const job = useJob<CompareAnswer>(`${profile} ${other}`, async (control) => {
    const { startForkSim } = await import('fork-sim/worker');
    const lab = await startForkSim();
    try {
      return await lab.compare({ input, profiles: [profile, other] }, control);
    } finally {
      await lab.dispose();
    }
  });
  return (
    <div className="kernels">
      <p>
        <KernelSelect label={`${profile} beside`} value={other} onChange={setOther} />
      </p>
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      <Problem problem={job.problem} />
      {job.value !== null && <Compared answer={job.value} {...(onLine ? { onLine } : {})} />}
    </div>
  );
}

function Compared({
  answer,
  onLine,
}: {
  readonly answer: CompareAnswer;
  readonly onLine?: (line: number) => void;
}): ReactNode {
  const { sides, results, maps } = answer;
  const names = useMemo(() => [sides[0].kernel, sides[1].kernel] as const, [sides]);
  const rows = sideRows(sides);
  return (
    <>
      <table className="lab-table compare-table">
        <thead>
          <tr>
            <td />
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values: [a, b] }) => (
            <tr key={name} className={a === b ? undefined : 'row-differs'}>
              <th scope="row">{name}</th>
              <td>{a}</td>
              <td>
                {a === b ? '' : '≠ '}
                {b}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {results.length > 0 && (
        <>
          <p className="verdict">≠ {countOf(results.length, 'call')} with another result</p>
          <ul className="sentences results-list">
            {results.slice(0, 50).map(({ line, call, results: [a, b] }) => (
              <li key={line}>
                {onLine ? (
                  <button type="button" className="link-button" onClick={() => onLine(line)}>
                    line {formatCount(line)}
                  </button>
                ) : (
                  `line ${line}`
                )}{' '}
                <code>{call}</code>: {a} on {names[0]}, {b} on {names[1]}
              </li>
            ))}
          </ul>
        </>
      )}
      {maps !== null && (
        <>
          {maps.differing > 0 && <ComparedMaps sides={sides} differences={maps.differences} />}
          <MapDifferences answer={maps} sides={names} />
        </>
      )}
    </>
  );
}

interface SideRow {
  readonly name: string;
  readonly values: readonly [string, string];
}

function sideRows(sides: readonly [CompareSide, CompareSide]): SideRow[] {
  const row = (name: string, of: (side: CompareSide) => string | null): SideRow[] => {
    const values = [of(sides[0]), of(sides[1])] as const;
    return values[0] === null || values[1] === null ? [] : [{ name, values: [values[0], values[1]] }];
  };
  return [
    ...row('VMAs at the peak', ({ outcome }) => outcome && formatCount(outcome.peakVmas)),
    ...row('VMAs at the end', ({ map }) => formatCount(map.count)),
    ...row(
      'merges, splits',
      ({ outcome }) => outcome && `${formatCount(outcome.merges)}, ${formatCount(outcome.splits)}`,
    ),
    ...row(
      'results unlike the log',
      ({ outcome }) => outcome && formatCount(outcome.wrongResults.count + outcome.wrongPlaces.count),
    ),
    ...row('pairs that could merge', ({ summary }) => summary && formatCount(summary.seams.count)),
    ...row('fork copies', (side) => forkCell(side, 'copy')),
    ...row('fork leaves to refault', (side) => forkCell(side, 'refault')),
    ...row('reserves, with nothing to fault in', ({ summary }) => summary && sumCell(summary.reserves)),
    ...row('page tables of the child, at most', ({ summary }) => summary && formatKb(summary.childTablesKbAtMost)),
  ];
}

function forkCell({ summary }: CompareSide, action: 'copy' | 'refault'): string | null {
  return summary && sumCell(summary.forkTotals[action]);
}

function sumCell({ vmas, pages }: { readonly vmas: number; readonly pages: number }): string {
  return `${countOf(vmas, 'VMA')}: ${formatPages(pages)}`;
}
