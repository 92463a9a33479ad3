import { formatCount, guardsText, roomText } from 'fork-sim/words';
import type { ForkSimClient } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { type Figure, Figures } from './Figures.tsx';
import { JobProgress } from './JobProgress.tsx';
import { Kernels } from './Kernels.tsx';
import { MapPanel } from './MapPanel.tsx';
import { Problem } from './Problem.tsx';
import { Report } from './Report.tsx';
import { SummaryDetails } from './SummaryDetails.tsx';
import { useJob } from './useJob.ts';
import type { MapFocus } from './useMapView.ts';

interface SmapsFileProps {
  readonly lab: ForkSimClient;
  readonly files: DroppedFiles;
  readonly profile: string;
}

const MAX_MAP_COUNT = 65_530;
/** Largest map that is reported on as soon as it is there; VMAs. */
const MAX_REPORTED = 70_000;

/** A smaps or a maps: the map, what could merge, what a fork would do. */
export function SmapsFile({ lab, files: { kind, file }, profile }: SmapsFileProps): ReactNode {
  const [focus, setFocus] = useState<MapFocus | null>(null);
  const load = useJob(profile, async (control) => {
    const { notes } = await lab.loadSmaps({ source: file, name: file.name, options: { profile } }, control);
    const map = await lab.readMap({ max: 1 << 22 }, control);
    // A maps tells no flags, on which it depends what merges.
    const guards = kind === 'smaps' ? (await lab.whatIf({}, control)).guards : null;
    return { notes, map, guards, report: map.count > MAX_REPORTED ? null : await lab.overview({}, control) };
  });
  if (load.value === null) {
    return load.running ? (
      <JobProgress progress={load.progress} onCancel={load.cancel} />
    ) : (
      <Problem problem={load.problem} />
    );
  }
  const { notes, map, guards, report } = load.value;
  const figures: Figure[] = [
    { name: 'VMAs', value: formatCount(map.count) },
    {
      name: 'to spare below max_map_count',
      value: formatCount(Math.max(0, MAX_MAP_COUNT - map.count)),
      note: `of 65,530: ${roomText({ vmas: map.count, maxMapCount: MAX_MAP_COUNT })}`,
    },
  ];
  if (guards !== null) {
    const { guards: markers, sizes, peakVmas, endVmas, profile: kernel } = guards;
    figures.push({
      name: 'guards as markers, at best',
      value: `${formatCount(peakVmas)} → ${formatCount(endVmas)}`,
      note: `VMAs, were the ${guardsText(markers, sizes)} guard markers (${kernel}), with no anon_vmas in the way`,
    });
  }
  return (
    <>
      {report !== null && <Report overview={report} />}
      <Figures figures={figures} />
      {notes.length > 0 && (
        <ul className="sentences">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <MapPanel lab={lab} map={map} focus={focus} marks={NO_MARKS} name={file.name} />
      <SummaryDetails lab={lab} map={map} onAddr={(addr) => setFocus({ start: addr, end: addr + 1 })} />
      <Kernels input={{ kind: 'smaps', load: { source: file, name: file.name } }} profile={profile} />
    </>
  );
}

const NO_MARKS: readonly never[] = [];
