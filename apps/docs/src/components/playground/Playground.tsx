import type { LineProblem } from 'fork-sim';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { claimsSummary, failedClaims } from '../../link/claims.ts';
import { OWN } from '../../link/ownKernel.ts';
import { programOf, stepOfLine } from '../../link/program.ts';
import { choosePage, viewOfTraces } from '../../picture/view.ts';
import { KernelNote } from '../KernelNote.tsx';
import { DropOverlay } from './DropOverlay.tsx';
import { EditorPane } from './EditorPane.tsx';
import { FileView } from './FileView.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { OwnKernel } from './OwnKernel.tsx';
import { Pane } from './Pane.tsx';
import { PlaygroundBar } from './PlaygroundBar.tsx';
import { RunStatus } from './RunStatus.tsx';
import { ScenarioSelect } from './ScenarioSelect.tsx';
import { ShareMenu } from './ShareMenu.tsx';
import { TimelineChart } from './TimelineChart.tsx';
import { Transport } from './Transport.tsx';
import { useFiles } from './useFiles.ts';
import { useHeld } from './useHeld.ts';
import { usePlayer } from './usePlayer.ts';
import { focusEditor, usePlaygroundKeys } from './usePlaygroundKeys.ts';
import { useShare } from './useShare.ts';
import { useTraces } from './useTraces.ts';
import { ZoomButtons } from './ZoomButtons.tsx';
import { zoomOf } from './zoomOf.ts';

/** While what is shown is not the text yet, no claim of it is judged. */
const NO_CLAIMS: readonly LineProblem[] = [];
const DROP_NOTE =
  'Drop a strace log, smaps, maps, litmus file, scenario or recording anywhere, packed or not. It stays in this browser.';

/** The playground: operations on the left, the address space in the middle, what happened on the right. */
export function Playground(): ReactNode {
  const share = useShare();
  const { state, change } = share;
  const run = useTraces(state);
  const { program, traces, verdicts } = run.shown;
  const claims = useMemo(() => failedClaims(program, verdicts), [program, verdicts]);
  // A step belongs to the text it was asked for: until that has run, the old picture stays where it is.
  const step = useHeld(state.step, run.pending);
  const player = usePlayer(traces, step, (to) => change({ step: to }));
  const whole = useMemo(() => viewOfTraces(traces), [traces]);
  const zoom = zoomOf(whole, state.view ? { from: state.view[0], to: state.view[1] } : null, (view) =>
    change({ view: view === null ? undefined : [view.from, view.to] }),
  );
  const files = useFiles(state, change);
  const [help, setHelp] = useState(false);
  const stepField = useRef<HTMLInputElement>(null);
  const { index, last, goTo } = player;
  usePlaygroundKeys(
    // A file has keys of its own.
    new Map<string, () => void>(
      files.dropped
        ? [['?', () => setHelp(true)]]
        : [
            ['ArrowLeft', () => goTo(index - 1)],
            ['ArrowRight', () => goTo(index + 1)],
            ['Home', () => goTo(0)],
            ['End', () => goTo(last)],
            ['p', player.play],
            ['g', () => stepField.current?.select()],
            ['m', player.nextMerge],
            ['r', player.nextRefusal],
            ['d', player.nextDifference],
            ['e', focusEditor],
            ['?', () => setHelp(true)],
          ],
    ),
  );

  const [first, second] = traces;
  const shown = first?.steps[index];
  const page = state.page ?? (shown ? choosePage(shown) : 0);
  const note = EXAMPLES.find(({ lines }) => lines === state.text)?.note ?? DROP_NOTE;
  return (
    <div className="playground">
      <DropOverlay shown={files.dragging} />
      {(share.problem ?? files.problem) !== null && (
        <p className="problem" role="alert">
          {share.problem ?? files.problem}
        </p>
      )}
      {files.dropped ? (
        <FileView
          {...files.dropped}
          profile={state.profile === OWN ? '6.19' : state.profile}
          step={state.files && state.step}
          faults={state.files && state.faults}
          onClose={files.close}
        />
      ) : (
        <>
          <PlaygroundBar
            state={state}
            change={change}
            replace={share.replace}
            onFiles={files.open}
            onHelp={() => setHelp(true)}
          >
            {first && <ShareMenu state={state} trace={first} index={index} />}
          </PlaygroundBar>
          <KernelNote kernels={[state.profile, ...(state.other === undefined ? [] : [state.other])]} />
          {files.scenarios ? <ScenarioSelect {...files.scenarios} /> : <p className="playground-note">{note}</p>}
          <div className="playground-grid">
            <EditorPane
              text={state.text}
              problems={run.program.problems}
              claims={run.pending ? NO_CLAIMS : claims}
              summary={run.pending ? '' : claimsSummary(verdicts)}
              current={program.lines[index] ?? null}
              // One who types sees what the line under the cursor does.
              onText={(text, line) => change({ text, step: stepOfLine(programOf(text), line) })}
              onLine={(line) => {
                if (program.lines.includes(line)) goTo(stepOfLine(program, line));
              }}
            />
            <div className="playground-main">
              <RunStatus run={run} />
              {last < 0 && <p>Nothing to show yet: write an operation, such as mmap 4+8 rw.</p>}
              {last >= 0 && (
                <>
                  <Transport player={player} compares={second !== undefined} stepField={stepField} />
                  <ZoomButtons zoom={zoom} />
                </>
              )}
              <div className="playground-panes">
                {traces.map((trace, pane) => {
                  const now = trace.steps[index];
                  if (!now) return null;
                  return (
                    <Pane
                      // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                      key={pane}
                      trace={trace}
                      step={now}
                      other={second ? (traces[1 - pane]?.steps[index] ?? null) : null}
                      zoom={zoom}
                      page={page}
                      chosen={state.page !== undefined}
                      onPage={(to) => change({ page: to })}
                      differs={player.differing.includes(index)}
                    />
                  );
                })}
              </div>
              {first && last >= 0 && <TimelineChart trace={first} index={index} onIndex={goTo} />}
            </div>
          </div>
          <OwnKernel state={state} change={change} />
        </>
      )}
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
