import { countOf, formatCount, formatPages, formatRange } from 'fork-sim/words';
import type { ForkSimClient, GuardAnswer, MapSlice, VmaRow } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { formatVmFlags, PAGE_SIZE } from 'vma-core';
import { abovePhrase, forkPhrase, guardPhrase } from '../../../words/vmaPhrases.ts';
import { Chip } from '../../Chip.tsx';
import { TableTree } from './TableTree.tsx';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

interface VmaInfoProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  /** The VMA that was chosen. */
  readonly picked: number;
}

/** All that the rules say of one VMA, and the page tables over it. */
export function VmaInfo({ lab, map, picked }: VmaInfoProps): ReactNode {
  const start = map.start[picked] ?? 0;
  const { pid } = map;
  const key = `${mapKey(map)} ${start}`;
  const detail = useJob(key, async (control): Promise<{ vma: VmaRow; guard: GuardAnswer } | null> => {
    const [vma] = await lab.readVmas({ pid, from: start, max: 1 }, control);
    return vma === undefined ? null : { vma, guard: await lab.askGuard({ pid, addr: start }, control) };
  }).value;
  if (detail === null) return <div className="vma-info vma-info-empty" />;
  const { vma, guard } = detail;
  const sticky = formatVmFlags(vma.sticky).split(' ');
  return (
    <div className="vma-info">
      <p className="vma-info-head">
        <strong>
          VMA {formatCount(picked + 1)}
          {vma.name !== '' && `: ${vma.name}`}
        </strong>{' '}
        <code>{formatRange(vma.start, vma.end)}</code> <code>{vma.perms}</code>{' '}
        {formatPages((vma.end - vma.start) / PAGE_SIZE)}
        {vma.backing === 'anonymous' ? '' : `, ${vma.backing}, offset ${vma.pgoff} pages`}
      </p>
      <p className="bar-chips">
        {formatVmFlags(vma.flags)
          .split(' ')
          .map((word) => (
            <Chip key={word} word={word} sticky={sticky.includes(word)} />
          ))}
      </p>
      <ul className="sentences">
        <li>{sentence(abovePhrase(vma.above))}</li>
        <li>{sentence(forkPhrase(vma.fork))}</li>
        <li>{guardPhrase(guard)}</li>
        {vma.guardPages > 0 && <li>{countOf(vma.guardPages, 'guard marker')} in it.</li>}
        <li>
          {vma.anonVma === null ? 'No anon_vma.' : `anon_vma av${vma.anonVma}.`}
          {vma.assumed && ' This rests on an assumption: a log shows no page faults, and smaps no anon_vma.'}
        </li>
      </ul>
      <TableTree lab={lab} map={map} start={vma.start} end={vma.end} />
    </div>
  );
}

function sentence(text: string): string {
  const end = text.endsWith('.') ? '' : '.';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
