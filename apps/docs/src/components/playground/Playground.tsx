import type { LineProblem } from 'fork-sim';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { claimsSummary, failedClaims } from '../../link/claims.ts';
import { OWN } from '../../link/ownKernel.ts';
import { programOf, stepOfLine } from '../../link/program.ts';
import { choosePage, viewOfTraces } from '../../picture/view.ts';
import { KernelNote } from '../KernelNote.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { keysOf } from './commands.ts';
import { DropOverlay } from './DropOverlay.tsx';
import { EditorPane } from './EditorPane.tsx';
import { EmptyState } from './EmptyState.tsx';
import { FileView } from './FileView.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { Jumps } from './Jumps.tsx';
import { OwnKernel } from './OwnKernel.tsx';
import { Picture } from './Picture.tsx';
import { compared, playgroundCommands } from './playgroundCommands.ts';
import { RunStatus } from './RunStatus.tsx';
import { ScenarioSelect } from './ScenarioSelect.tsx';
import { ShareMenu } from './ShareMenu.tsx';
import { Splitter } from './Splitter.tsx';
import { StepTimeline } from './StepTimeline.tsx';
import { EMPTY_STATE } from './scenarioStates.ts';
import { Toolbar } from './Toolbar.tsx';
import { useFiles } from './useFiles.ts';
import { useHeld } from './useHeld.ts';
import { usePanes } from './usePanes.ts';
import { usePlayer } from './usePlayer.ts';
import { usePlaygroundKeys } from './usePlaygroundKeys.ts';
import { useShare } from './useShare.ts';
import { useTraces } from './useTraces.ts';
import { zoomOf } from './zoomOf.ts';

/** While what is shown is not the text yet, no claim of it is judged. */
const NO_CLAIMS: readonly LineProblem[] = [];

/** The playground: one row of tools, the operations at the left, the address space at the right, and under it why it is so. */
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
  const panes = usePanes();
  const [dialog, setDialog] = useState<'help' | 'commands' | null>(null);
  const stepField = useRef<HTMLInputElement>(null);
  const commands = playgroundCommands({
    share,
    player,
    zoom,
    panes,
    isFile: files.dropped !== null,
    onStepField: () => stepField.current?.select(),
    onHelp: () => setDialog('help'),
    onCommands: () => setDialog('commands'),
  });
  usePlaygroundKeys(keysOf(commands), () => setDialog('commands'));

  const { index, last, goTo } = player;
  const [first, second] = traces;
  const shown = first?.steps[index];
  const page = state.page ?? (shown ? choosePage(shown) : 0);
  const note = EXAMPLES.find(({ lines }) => lines === state.text)?.note;
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
          <Toolbar
            share={share}
            player={player}
            onFiles={files.open}
            onCompare={() => share.replace(compared(state))}
            onCommands={() => setDialog('commands')}
          >
            {first && <ShareMenu state={state} traces={[first, ...traces.slice(1)]} index={index} />}
          </Toolbar>
          {files.scenarios && <ScenarioSelect {...files.scenarios} />}
          <div className="playground-grid">
            <EditorPane
              text={state.text}
              problems={run.program.problems}
              claims={run.pending ? NO_CLAIMS : claims}
              summary={run.pending ? '' : claimsSummary(verdicts)}
              current={program.lines[index] ?? null}
              note={note}
              restored={share.restored}
              onAfresh={() => share.replace(EMPTY_STATE)}
              onUndo={() => share.undo?.()}
              onRedo={() => share.redo?.()}
              // One who types sees what the line under the cursor does.
              onText={(text, line) => change({ text, step: stepOfLine(programOf(text), line) })}
              onLine={(line) => {
                if (program.lines.includes(line)) goTo(stepOfLine(program, line));
              }}
            />
            <Splitter panes={panes} />
            <div className="playground-main">
              <RunStatus run={run} />
              {last >= 0 && first ? (
                <>
                  <StepTimeline
                    trace={first}
                    player={player}
                    controls={<Jumps player={player} compares={second !== undefined} stepField={stepField} />}
                  />
                  <Picture
                    run={run.shown}
                    player={player}
                    zoom={zoom}
                    page={page}
                    chosen={state.page !== undefined}
                    onPage={(to) => change({ page: to })}
                  />
                </>
              ) : (
                <EmptyState replace={share.replace} />
              )}
              <KernelNote kernels={[state.profile, ...(state.other === undefined ? [] : [state.other])]} />
            </div>
          </div>
          <OwnKernel state={state} change={change} />
        </>
      )}
      <CommandPalette
        open={dialog === 'commands'}
        commands={commands}
        onClose={() => setDialog((now) => (now === 'commands' ? null : now))}
      />
      <HelpDialog
        open={dialog === 'help'}
        commands={commands}
        onClose={() => setDialog((now) => (now === 'help' ? null : now))}
      />
    </div>
  );
}
