import { formatCount, guardsText, headline, roomText } from 'fork-sim/words';
import type { ForkSimClient, MapSlice, Overview, WhatIfAnswer } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { type Tab, Tabs } from '../Tabs.tsx';
import { ChangesTab } from './ChangesTab.tsx';
import { type Figure, FigureNotes, Figures } from './Figures.tsx';
import { JobProgress } from './JobProgress.tsx';
import { Kernels } from './Kernels.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapPanel } from './MapPanel.tsx';
import { Problem } from './Problem.tsx';
import { Report } from './Report.tsx';
import { summaryTabs } from './summaryTabs.tsx';
import { useJob } from './useJob.ts';
import { useMapSummary } from './useMapSummary.ts';
import type { MapFocus } from './useMapView.ts';
import { VmaTab } from './VmaTab.tsx';

interface SmapsFileProps {
  readonly lab: ForkSimClient;
  readonly files: DroppedFiles;
  readonly profile: string;
}

const MAX_MAP_COUNT = 65_530;
/** Largest map that is reported on as soon as it is there; VMAs. */
const MAX_REPORTED = 70_000;

/** What was found out about a map at once. */
interface LoadedMap {
  readonly notes: readonly string[];
  readonly map: MapSlice;
  readonly guards: WhatIfAnswer['guards'];
  /** `null`: the map is too large to be reported on at once. */
  readonly report: Overview | null;
}

/** A smaps or a maps: loaded, then shown. */
export function SmapsFile({ lab, files, profile }: SmapsFileProps): ReactNode {
  const { kind, file } = files;
  const load = useJob(profile, async (control): Promise<LoadedMap> => {
    const { notes } = await lab.loadSmaps({ source: file, name: file.name, options: { profile } }, control);
    const map = await lab.readMap({ max: 1 << 22 }, control);
    // A maps tells no flags, on which it depends what merges.
    const guards = kind === 'smaps' ? (await lab.whatIf({}, control)).guards : null;
    return { notes, map, guards, report: map.count > MAX_REPORTED ? null : await lab.overview({}, control) };
  });
  if (load.running) return <JobProgress progress={load.progress} onCancel={load.cancel} />;
  if (load.value === null) return <Problem problem={load.problem} />;
  return <SmapsView lab={lab} files={files} profile={profile} loaded={load.value} />;
}

/** The answer in a sentence, the map, and all else in tabs below. */
function SmapsView({
  lab,
  files: { file, other },
  profile,
  loaded,
}: SmapsFileProps & { readonly loaded: LoadedMap }): ReactNode {
  const { notes, map, guards, report } = loaded;
  const [focus, setFocus] = useState<MapFocus | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [tab, setTab] = useState(other !== undefined ? 'changes' : report === null ? 'vma' : 'report');
  const summary = useMapSummary(lab, map, tab === 'why' || tab === 'fork');
  const figures = figuresOf(map, guards);
  const onAddr = (addr: number): void => {
    setFocus({ start: addr, end: addr + 1 });
    setChosen(addr);
  };
  const changes: readonly Tab[] =
    other === undefined
      ? []
      : [
          {
            id: 'changes',
            name: 'Changes',
            body: () => <ChangesTab lab={lab} file={file} other={other} onAddr={onAddr} />,
          },
        ];
  const tabs: readonly Tab[] = [
    ...changes,
    {
      id: 'report',
      name: 'Report',
      body: () => (
        <>
          <FigureNotes figures={figures} />
          {report !== null && <Report overview={report} />}
        </>
      ),
    },
    {
      id: 'vma',
      name: 'VMAs',
      body: () => <VmaTab lab={lab} map={map} chosen={chosen} onChosen={setChosen} />,
    },
    ...summaryTabs({ lab, map, summary, onAddr }),
    {
      id: 'kernels',
      name: 'Another kernel',
      body: () => <Kernels input={{ kind: 'smaps', load: { source: file, name: file.name } }} profile={profile} />,
    },
  ];
  return (
    <>
      {report !== null && <p className="report-headline">{headline(report)}</p>}
      <Figures figures={figures} />
      {notes.length > 0 && (
        <ul className="sentences">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div className="file-strip">
        <MapPanel
          lab={lab}
          map={map}
          focus={focus}
          marks={NO_MARKS}
          name={file.name}
          chosen={chosen}
          onChosen={(addr) => {
            setChosen(addr);
            setTab('vma');
          }}
        />
        <MapLegend />
      </div>
      <Tabs label="What there is to say of the map" tabs={tabs} chosen={tab} onChosen={setTab} />
      {summary.running && summary.progress && <JobProgress progress={summary.progress} onCancel={summary.cancel} />}
      <Problem problem={summary.problem} />
    </>
  );
}

function figuresOf(map: MapSlice, guards: WhatIfAnswer['guards']): readonly Figure[] {
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
  return figures;
}

const NO_MARKS: readonly never[] = [];
