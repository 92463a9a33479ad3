import BrowserOnly from '@docusaurus/BrowserOnly';
import { traceScenario } from 'fork-sim';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { compareTraces } from '../../lab/compareTraces.ts';
import { EXAMPLES } from '../../lab/examples.ts';
import { errorText } from '../../lab/openFile.ts';
import { type DroppedFiles, openFiles } from '../../lab/openFiles.ts';
import { formatOp } from '../../lab/opText.ts';
import { OWN, ownFrom, ownKernel } from '../../lab/ownKernel.ts';
import { readProgram } from '../../lab/readProgram.ts';
import { decodeShare, encodeShare, type ShareState } from '../../lab/shareLink.ts';
import { viewOfTrace } from '../../lab/view.ts';
import { PlayerControls } from '../PlayerControls.tsx';
import { ProfileSelect } from '../ProfileSelect.tsx';
import { DropOverlay } from './DropOverlay.tsx';
import { FileView } from './FileView.tsx';
import { Pane } from './Pane.tsx';
import { ProfileEditor } from './ProfileEditor.tsx';
import { ShareMenu } from './ShareMenu.tsx';
import { TimelineChart } from './TimelineChart.tsx';
import { useFileDrop } from './useFileDrop.ts';
import { usePlaygroundKeys } from './usePlaygroundKeys.ts';

const Editor = lazy(() => import('./Editor.tsx'));
const FIRST = EXAMPLES[0];

/** The playground: operations on the left, the address space in the middle, what happened on the right. */
export function Playground(): ReactNode {
  const [state, setState] = useState<ShareState>({
    text: FIRST?.lines ?? '',
    profile: FIRST?.profile ?? '6.19',
    step: 3,
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [dropped, setDropped] = useState<DroppedFiles | null>(null);
  const [playing, setPlaying] = useState(false);
  const ready = useRef(false);
  const change = (part: Partial<ShareState>): void => setState((old) => ({ ...old, ...part }));

  // The link is the state.
  useEffect(() => {
    const read = (): void => {
      ready.current = true;
      if (window.location.hash.length < 4) return;
      try {
        setState(decodeShare(window.location.hash));
        setProblem(null);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : 'this link cannot be read');
      }
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  useEffect(() => {
    if (!ready.current) return;
    const timer = setTimeout(() => {
      const fragment = `#${encodeShare(state)}`;
      if (window.location.hash !== fragment && problem === null) window.history.replaceState(null, '', fragment);
    }, 300);
    return () => clearTimeout(timer);
  }, [state, problem]);

  const program = useMemo(() => readProgram(state.text), [state.text]);
  const own = useMemo(() => (state.own ? ownKernel(state.own) : null), [state.own]);
  const softDirty = state.softDirty ?? false;
  const kernel = (name: string) => (name === OWN ? (own && 'profile' in own ? own.profile : '6.19') : name);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `kernel` follows from `own`
  const traces = useMemo(
    () =>
      [state.profile, ...(state.other === undefined ? [] : [state.other])].map((name) =>
        traceScenario(program.scenario, { profile: kernel(name), softDirty }),
      ),
    [program, state.profile, state.other, own, softDirty],
  );
  const first = traces[0];
  const second = traces[1];
  const last = (first?.steps.length ?? 0) - 1;
  const index = Math.max(0, Math.min(last, state.step ?? last));
  const view = useMemo(() => {
    const views = traces.map((trace) => viewOfTrace(trace, 16));
    return { from: Math.min(...views.map(({ from }) => from)), to: Math.max(...views.map(({ to }) => to)) };
  }, [traces]);
  const differing = useMemo(() => (first && second ? compareTraces(first, second) : []), [first, second]);
  const stepsWith = (kind: 'merged' | 'refused'): number[] =>
    (first?.steps ?? []).filter((step) => step.events.some((event) => event.kind === kind)).map((step) => step.index);

  const goTo = (step: number): void => change({ step: Math.max(0, Math.min(last, step)) });
  const goNext = (steps: readonly number[]): void => {
    const next = steps.find((step) => step > index) ?? steps[0];
    if (next !== undefined) goTo(next);
  };
  const play = (): void => {
    if (!playing && index === last) goTo(0);
    setPlaying(!playing);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer a step
  useEffect(() => {
    if (!playing) return;
    if (index >= last) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => goTo(index + 1), 1000);
    return () => clearTimeout(timer);
  }, [playing, index, last]);
  usePlaygroundKeys(
    new Map([
      ['ArrowLeft', () => goTo(index - 1)],
      ['ArrowRight', () => goTo(index + 1)],
      ['Home', () => goTo(0)],
      ['End', () => goTo(last)],
      ['m', () => goNext(stepsWith('merged'))],
      ['r', () => goNext(stepsWith('refused'))],
      ['d', () => goNext(differing)],
      ['p', play],
    ]),
  );

  const open = async (files: readonly File[]): Promise<void> => {
    try {
      const opened = await openFiles(files);
      if (opened === null) return;
      setProblem(null);
      if (opened.kind !== 'scenarios') {
        setDropped(opened);
        return;
      }
      const [scenario] = opened.scenarios;
      if (!scenario) throw new Error('The file holds no scenario.');
      const plain = scenario.windows === undefined && scenario.span === undefined && !scenario.reserve;
      const lines = scenario.ops.map(formatOp).join('\n');
      const readable = plain && readProgram(lines).problems.length === 0;
      change({
        text: readable ? lines : JSON.stringify(scenario),
        step: scenario.ops.length - 1,
        ...(opened.header ? { profile: opened.header.kernel, softDirty: opened.header.softDirty } : {}),
      });
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const dragging = useFileDrop(open);

  const current = program.lines[index] ?? null;
  const differs = differing.includes(index);
  return (
    <div className="playground">
      <DropOverlay shown={dragging} />
      <div className="playground-bar">
        <label className="profile-select">
          <span>Example</span>
          <select
            value={EXAMPLES.find(({ lines }) => lines === state.text)?.id ?? ''}
            onChange={(event) => {
              const example = EXAMPLES.find(({ id }) => id === event.target.value);
              if (!example) return;
              const { lines, profile, other, softDirty: dirty } = example;
              setState({ text: lines, profile, ...(other ? { other } : {}), ...(dirty ? { softDirty: true } : {}) });
            }}
          >
            <option value="" disabled>
              your own
            </option>
            {EXAMPLES.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <ProfileSelect value={state.profile} own={state.own ? [OWN] : []} onChange={(profile) => change({ profile })} />
        <label className="profile-select">
          <input
            type="checkbox"
            checked={state.other !== undefined}
            onChange={(event) => {
              const { other: _, ...rest } = state;
              setState(event.target.checked ? { ...rest, other: state.profile === '6.18' ? '6.19' : '6.18' } : rest);
            }}
          />
          <span>compare</span>
        </label>
        {state.other !== undefined && (
          <ProfileSelect
            label="with"
            value={state.other}
            own={state.own ? [OWN] : []}
            onChange={(other) => change({ other })}
          />
        )}
        <label className="profile-select">
          <input
            type="checkbox"
            checked={softDirty}
            onChange={(event) => change({ softDirty: event.target.checked })}
          />
          <span>soft-dirty</span>
        </label>
        <label className="lab-button file-button">
          Open a file
          <input
            type="file"
            multiple
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              if (files.length > 0) open(files).catch(() => undefined);
              event.target.value = '';
            }}
          />
        </label>
        {first && <ShareMenu state={state} trace={first} index={index} />}
      </div>
      <p className="playground-note">
        {EXAMPLES.find(({ lines }) => lines === state.text)?.note ??
          'Drop a strace log, smaps, maps, scenario or recording anywhere, packed or not. It stays in this browser.'}
      </p>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className={second ? 'playground-grid playground-two' : 'playground-grid'}>
        <section className="playground-editor" aria-label="Operations">
          <BrowserOnly fallback={<pre className="editor-still">{state.text}</pre>}>
            {() => (
              <Suspense fallback={<pre className="editor-still">{state.text}</pre>}>
                <Editor
                  text={state.text}
                  problems={program.problems}
                  current={current}
                  onText={(text) => change({ text })}
                  onLine={(line) => {
                    const step = program.lines.lastIndexOf(line);
                    if (step >= 0) goTo(step);
                  }}
                />
              </Suspense>
            )}
          </BrowserOnly>
          {program.problems.length > 0 && (
            <ul className="problems" role="status">
              {program.problems.map(({ line, column, message }) => (
                <li key={`${line}:${column}`} className="problem">
                  {line}:{column}: {message}
                </li>
              ))}
            </ul>
          )}
        </section>
        <div className="playground-main">
          {last >= 0 && (
            <>
              <PlayerControls index={index} count={last + 1} playing={playing} onIndex={goTo} onPlay={play} />
              <div className="playground-jumps">
                <button type="button" className="lab-button" onClick={() => goNext(stepsWith('merged'))}>
                  next merge <kbd>m</kbd>
                </button>
                <button type="button" className="lab-button" onClick={() => goNext(stepsWith('refused'))}>
                  next refusal <kbd>r</kbd>
                </button>
                {second && (
                  <button
                    type="button"
                    className="lab-button"
                    disabled={differing.length === 0}
                    onClick={() => goNext(differing)}
                  >
                    next difference <kbd>d</kbd>
                  </button>
                )}
                {second && <span className="differs-note">{differs ? '≠ they differ here' : 'they agree here'}</span>}
              </div>
            </>
          )}
          <div className="panes">
            {traces.map((trace, pane) => (
              <Pane
                // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
                key={pane}
                trace={trace}
                index={index}
                view={view}
                named={second !== undefined}
                differs={differs}
              />
            ))}
          </div>
          {last < 0 && <p>Nothing to show yet: write an operation, such as mmap 4+8 rw.</p>}
          {first && <TimelineChart trace={first} index={index} />}
        </div>
      </div>
      {dropped && (
        <FileView
          {...dropped}
          profile={state.profile === OWN ? '6.19' : state.profile}
          onClose={() => setDropped(null)}
        />
      )}
      <details
        className="own-kernel"
        open={state.own !== undefined}
        onToggle={(event) => {
          if (event.currentTarget.open && !state.own) change({ own: ownFrom('6.19') });
        }}
      >
        <summary>Your own kernel: change which flags are sticky</summary>
        {state.own && (
          <>
            <p>
              <button type="button" className="lab-button" onClick={() => change({ profile: OWN })}>
                Use it above
              </button>
            </p>
            <ProfileEditor own={state.own} onChange={(next) => change({ own: next })} />
          </>
        )}
      </details>
    </div>
  );
}
