import { vmaOfAddr } from 'fork-sim/picture';
import { countOf } from 'fork-sim/words';
import type { ForkSimClient } from 'fork-sim/worker';
import { type ReactNode, useMemo } from 'react';
import { processText } from '../../../picture/shownProcesses.ts';
import { MapLegend } from './MapLegend.tsx';
import { MapPanel } from './MapPanel.tsx';
import { ProcessSelect } from './ProcessSelect.tsx';
import type { LogPosition, ShownMap, ShownStep } from './useLogPosition.ts';
import type { MapFocus } from './useMapView.ts';

interface LogMapsProps {
  readonly lab: ForkSimClient;
  readonly shown: ShownStep;
  readonly position: LogPosition;
  readonly atEnd: boolean;
  readonly focus: MapFocus | null;
  /** An address in the chosen VMA; `null`: none is. */
  readonly chosen: number | null;
  /** A VMA was chosen in one of the maps. */
  readonly onChosen: (addr: number, map: ShownMap) => void;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
  /** Name of the log, for what is saved. */
  readonly name: string;
}

/** The map after a call; where several processes live, that of the chosen one, and beside it that of its child, say. */
export function LogMaps(props: LogMapsProps): ReactNode {
  const { lab, shown, position, atEnd, focus, follow, onFollow, name } = props;
  const { step, chosen, beside } = shown;
  const { processes, setProcesses } = position;
  const caller = step.log?.processes.find(({ pid }) => pid === step.log?.caller);
  const maps = beside === null ? [chosen] : [chosen, beside];
  const unseen = caller !== undefined && !maps.some(({ process }) => process === null || process.pid === caller.pid);
  return (
    <>
      <div className="log-map-head">
        <ProcessSelect step={step} wanted={processes} onWanted={setProcesses} />
        <label className="profile-select">
          <input type="checkbox" checked={follow} onChange={(event) => onFollow(event.target.checked)} />
          <span>follow the call</span>
        </label>
        <span className="verdict">
          {countOf(chosen.map.count, 'VMA')} {atEnd ? 'at the end' : 'now'}.
        </span>
      </div>
      {unseen && (
        <p className="stays">
          The call is of process {processText(caller)}, which is not shown.{' '}
          <button
            type="button"
            className="link-button"
            onClick={() =>
              setProcesses({ ...processes, chosen: caller === step.log?.processes[0] ? null : caller.logPid })
            }
          >
            Show it
          </button>
        </p>
      )}
      <div className={beside === null ? 'log-maps' : 'log-maps log-maps-two'}>
        {maps.map((one, place) => (
          <OneMap
            key={place === 0 ? 'chosen' : 'beside'}
            lab={lab}
            shown={one}
            titled={beside !== null}
            calls={one.process === null || one.process.pid === step.log?.caller}
            range={step.log?.range ?? null}
            focus={unseen ? null : focus}
            name={name}
            chosen={props.chosen}
            onChosen={(addr) => props.onChosen(addr, one)}
          />
        ))}
      </div>
      <MapLegend />
    </>
  );
}

interface OneMapProps {
  readonly lab: ForkSimClient;
  readonly shown: ShownMap;
  /** Says whose map it is. */
  readonly titled: boolean;
  /** The call is of this process. */
  readonly calls: boolean;
  readonly range: MapFocus | null;
  readonly focus: MapFocus | null;
  readonly name: string;
  readonly chosen: number | null;
  readonly onChosen: (addr: number) => void;
}

function OneMap(props: OneMapProps): ReactNode {
  const { lab, titled, calls, range, focus, name, chosen, onChosen } = props;
  const { process, map } = props.shown;
  const marks = useMemo(() => (calls && range !== null ? [range] : []), [calls, range]);
  // Another process is looked at where the call was, if it has something there: what is alike stands side by side.
  const there = focus !== null && (calls || vmaOfAddr(map, focus.start) >= 0) ? focus : null;
  const whose = process === null || !titled ? '' : `process ${processText(process)}`;
  return (
    <section className="log-map" aria-label={whose === '' ? 'The map' : `The map of ${whose}`}>
      {titled && (
        <p className="pane-title">
          {whose}
          {calls && ', whose call it is'}
        </p>
      )}
      <MapPanel
        lab={lab}
        map={map}
        focus={there}
        marks={marks}
        name={process?.logPid == null ? name : `${name} ${process.logPid}`}
        whose={whose}
        chosen={chosen}
        onChosen={onChosen}
      />
    </section>
  );
}
