import { countOf, pairsText, pairText } from 'fork-sim/words';
import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { Table } from '../../ScrollTable.tsx';
import { Problem } from './Problem.tsx';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

interface PairGroupsProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  /** Shows the VMA at an address. */
  readonly onAddr: (addr: number) => void;
}

/** As the map draws a pair that could merge, one that stays apart, and one of which it is not known. */
const PAIR_SIGNS = { seam: '┊', wall: '┃', unknown: '?' } as const;

/** Groups that are listed. */
const MOST = 50;

/** Pairs of neighbours, like ones as one, with the rule that keeps them apart and its two values: what `vma-lab why` says. */
export function PairGroups({ lab, map, onAddr }: PairGroupsProps): ReactNode {
  const { value, problem } = useJob(String(mapKey(map)), (control) => lab.whyReport({ pid: map.pid }, control));
  if (value === null) return <Problem problem={problem} />;
  const { touch, parts } = pairsText(value.groups);
  return (
    <section className="map-figures" aria-label="Neighbours">
      <p>
        {touch}
        {parts.length > 0 && `: ${parts.map(({ text }) => text).join(', ')}`}.
      </p>
      <Table
        className="why-table"
        label="Pairs of neighbours"
        heads={['pairs', 'why they are two', 'kernel function', 'first at']}
      >
        {value.groups.slice(0, MOST).map(({ count, first, kind }) => {
          const { values, kernelFunction, sentence } = pairText(first);
          const { start } = first.upper;
          return (
            <tr key={start}>
              <td>
                <span aria-hidden="true">{PAIR_SIGNS[kind]}</span> {countOf(count, 'pair')}
              </td>
              <td>
                {sentence} <span className="why-values">{values}</span>
              </td>
              <td>{kernelFunction !== '' && <code>{kernelFunction}</code>}</td>
              <td>
                <button type="button" className="link-button" onClick={() => onAddr(start)}>
                  {start.toString(16)}
                </button>
              </td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
