import type { TraceStep } from 'fork-sim';
import { Fragment, type ReactNode } from 'react';
import type { View } from '../picture/view.ts';
import { stepSentences } from '../words/phrases.ts';
import { ForkFigure } from './ForkFigure.tsx';
import { PictureKey } from './PictureKey.tsx';
import { StateFigure } from './StateFigure.tsx';

interface StepViewProps {
  readonly step: TraceStep;
  readonly view: View;
  /** Also draws the map before the call. */
  readonly before?: boolean;
  /** Shows what the parts of the picture mean, without being asked. */
  readonly legend?: boolean;
}

/** One step: the call, its result, the map before and after, and what happened in words. */
export function StepView({ step, view, before = false, legend = false }: StepViewProps): ReactNode {
  const lit = changedLetters(step);
  return (
    <div className="step">
      <Call step={step} />
      {before && step.before.vmas.length > 0 && (
        <StateFigure state={step.before} view={view} title="Before" mark={step.op} borders={false} />
      )}
      {step.child === null ? (
        <StateFigure state={step.state} view={view} title={before ? 'After' : undefined} lit={lit} />
      ) : (
        <ForkFigure step={step} view={view} />
      )}
      {step.child === null && (
        <ul className="sentences">
          {stepSentences(step).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <PictureKey states={step.child === null ? [step.state] : [step.state, step.child]} open={legend} />
    </div>
  );
}

/** The call of a step, as C and in the notation, with what the kernel answered. */
export function Call({ step }: { readonly step: TraceStep }): ReactNode {
  const { res } = step.record;
  return (
    <div className="call">
      <code className="call-c">{breakable(step.call)}</code>
      <span className="call-line">
        <code>{step.line}</code>
        <span className={res === 'ok' ? 'result result-ok' : 'result result-error'}>{res}</span>
      </span>
    </div>
  );
}

/** A call that a narrow page breaks between flags, not inside of one. */
function breakable(call: string): ReactNode {
  return call.split('|').map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the call
    <Fragment key={at}>
      {at > 0 && (
        <>
          |<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}

/** Letters of the VMAs that a step made or changed; `null`: none did, so all are lit. */
function changedLetters(step: TraceStep): ReadonlySet<string> | null {
  const before = new Map(step.before.vmas.map((vma) => [vma.letter, JSON.stringify(vma)]));
  const changed = step.state.vmas.filter((vma) => before.get(vma.letter) !== JSON.stringify(vma));
  return changed.length === 0 || changed.length === step.state.vmas.length
    ? null
    : new Set(changed.map(({ letter }) => letter));
}
