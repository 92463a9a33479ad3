import { forkShort, formatCount, formatKb, groupText } from 'fork-sim/words';
import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { formatVmFlags } from 'vma-core';
import { Table } from '../../ScrollTable.tsx';
import { Problem } from './Problem.tsx';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

/** Groups that are listed. */
const MOST = 50;

/** What a fork would do with like VMAs, those that are copied first: what `vma-lab fork` says. */
export function ForkGroups({ lab, map }: { readonly lab: ForkSimClient; readonly map: MapSlice }): ReactNode {
  const { value, problem } = useJob(String(mapKey(map)), (control) => lab.forkReport({ pid: map.pid }, control));
  if (value === null) return <Problem problem={problem} />;
  return (
    <Table label="Fork, VMA by VMA" heads={['VMAs', 'fork', 'entries', 'tables at most']}>
      {value.groups.slice(0, MOST).map((one) => {
        const isCopied = one.action === 'copy';
        return (
          <tr key={one.group.at}>
            <td>{groupText(one.group)}</td>
            <td>
              {one.action}: {forkShort(one, formatVmFlags(one.flags))}
              {isCopied && one.assumed && ' (assumed)'}
            </td>
            <td>{isCopied && (one.shown === null ? 'not shown' : formatCount(one.shown.entries))}</td>
            <td>{isCopied && formatKb(one.tablesKbAtMost)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
