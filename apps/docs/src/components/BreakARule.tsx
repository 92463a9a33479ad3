import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import { formatOp, type Op } from 'fork-sim';
import { type ReactNode, useMemo, useState } from 'react';
import { brokenBy, callsOf } from 'vma-check';
import type { KernelProfile } from 'vma-core';
import { traceLines } from '../engine.ts';
import { OWN, type OwnProfile, ownFrom, ownKernel } from '../link/ownKernel.ts';
import { encodeShare } from '../link/shareLink.ts';
import { viewOfTrace } from '../picture/view.ts';
import type { SearchNews } from '../search/ruleSearch.ts';
import { Interactive } from './Interactive.tsx';
import { MaskTable } from './MaskTable.tsx';
import { PlayerControls } from './PlayerControls.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { StepView } from './StepView.tsx';
import { useRuleSearch } from './useRuleSearch.ts';

/** The kernel that a reader finds: the series as it was posted, in which a guard can be lost. */
const FIRST = 'as-posted';
/** Calls that a reader may add to a sequence: those of the widest theme. */
const WALK_OPS = 'full';

/** Tick which flags are sticky, ignored by merges, or copied on fork; the search shows the shortest calls that break a rule. */
export function BreakARule(): ReactNode {
  const [own, setOwn] = useState<OwnProfile>(() => ownFrom(FIRST));
  const made = useMemo(() => ownKernel(own), [own]);
  const news = useRuleSearch(own);
  return (
    <Interactive>
      <div className="break-rule">
        <section className="break-rule-masks" aria-label="Your kernel">
          <ProfileSelect label="Made from" value={own.from} onChange={(from) => setOwn(ownFrom(from))} />
          <MaskTable own={own} onChange={setOwn} />
        </section>
        <section className="break-rule-answer" aria-label="What the search finds">
          <SearchLine news={news} />
          {'profile' in made && news?.kind === 'found' && (
            <Sequence key={news.path.map(formatOp).join(';')} found={news} own={own} profile={made.profile} />
          )}
        </section>
      </div>
    </Interactive>
  );
}

/** One sentence: what was found, or how far the search is. */
function SearchLine({ news }: { readonly news: SearchNews | null }): ReactNode {
  if (news === null) return <p role="status">Starting the search…</p>;
  if (news.kind === 'refused') return <p role="alert">{news.error}</p>;
  if (news.kind === 'searching') {
    return (
      <p role="status">
        Searching: {news.where}, {news.calls} calls; {news.states.toLocaleString('en')} states so far
      </p>
    );
  }
  if (news.kind === 'found') {
    return (
      <p role="status">
        <strong>
          Broken by {news.path.length} {news.path.length === 1 ? 'call' : 'calls'}.
        </strong>{' '}
        This no longer holds: {news.says} Look at page {news.page}.
      </p>
    );
  }
  return (
    <div role="status">
      <p>
        <strong>Nothing is broken</strong> in {news.states.toLocaleString('en')} states:
      </p>
      <ul>
        {news.said.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

interface SequenceProps {
  readonly found: Extract<SearchNews, { kind: 'found' }>;
  readonly own: OwnProfile;
  readonly profile: KernelProfile;
}

/** The calls, step by step; and from any of them on, other calls that the reader chooses. */
function Sequence({ found, own, profile }: SequenceProps): ReactNode {
  const [path, setPath] = useState<readonly Op[]>(found.path);
  const [index, setIndex] = useState(found.path.length - 1);
  const lines = path.map(formatOp).join('\n');
  const softDirty = path.some(({ op }) => op === 'clear_refs');
  const trace = useMemo(() => traceLines('break', lines, { profile, softDirty }), [lines, profile, softDirty]);
  const view = useMemo(() => viewOfTrace(trace), [trace]);
  const broken = useMemo(
    () => brokenBy(profile, path.slice(0, index + 1), { pages: found.pages, ops: WALK_OPS, softDirty }),
    [profile, path, index, found.pages, softDirty],
  );
  const calls = useMemo(() => callsOf(WALK_OPS, found.pages).map(formatOp), [found.pages]);
  const step = trace.steps[index];
  const link = useBaseUrl('/playground');
  const fragment = encodeShare({ text: lines, profile: OWN, own, step: index, ...(softDirty ? { softDirty } : {}) });
  const walk = (at: number): void => {
    const next = callsOf(WALK_OPS, found.pages)[at];
    if (next === undefined) return;
    setPath([...path.slice(0, index + 1), next]);
    setIndex(index + 1);
  };
  if (!step) return null;
  return (
    <>
      <ol className="player-steps">
        {path.map((op, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same call may come twice
          <li key={at}>
            <button type="button" aria-current={at === index ? 'step' : undefined} onClick={() => setIndex(at)}>
              {formatOp(op)}
            </button>
          </li>
        ))}
      </ol>
      <PlayerControls
        index={index}
        count={path.length}
        playing={false}
        onIndex={setIndex}
        onPlay={() => setIndex(index === path.length - 1 ? 0 : index + 1)}
      />
      <StepView step={step} view={view} />
      <p className={broken === null ? 'break-rule-holds' : 'break-rule-broken'}>
        {broken === null
          ? 'After this call, every property holds.'
          : `After this call, page ${broken.page} breaks: ${broken.property.says}`}
      </p>
      <p className="break-rule-walk">
        <label>
          Go on from here:{' '}
          <select value="" onChange={(event) => walk(Number(event.target.value))}>
            <option value="" disabled>
              choose a call
            </option>
            {calls.map((call, at) => (
              <option key={call} value={at}>
                {call}
              </option>
            ))}
          </select>
        </label>{' '}
        {path !== found.path && (
          <button
            type="button"
            className="lab-button"
            onClick={() => {
              setPath(found.path);
              setIndex(found.path.length - 1);
            }}
          >
            Back to the shortest
          </button>
        )}
      </p>
      <p className="playground-link">
        <Link data-noBrokenLinkCheck to={`${link}#${fragment}`}>
          Open in the playground, with your kernel
        </Link>
      </p>
    </>
  );
}
