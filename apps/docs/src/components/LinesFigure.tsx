import { type ReactNode, useMemo } from 'react';
import { traceLines } from '../engine.ts';
import { viewOfTrace } from '../picture/view.ts';
import { ForkFigure } from './ForkFigure.tsx';
import { PictureKey } from './PictureKey.tsx';
import { StateFigure } from './StateFigure.tsx';

interface LinesFigureProps {
  /** Scenario lines; `;` or a new line between them. */
  readonly lines: string;
  /** Names the picture. */
  readonly title: string;
  /** Says what the parts of the picture mean; the build marks the first of a page (plugins/firstFigure.ts). */
  readonly legend?: boolean;
}

/** The map after some calls, as a picture without controls: on 6.19, and with the child where the last call is a fork. */
export function LinesFigure({ lines, title, legend = false }: LinesFigureProps): ReactNode {
  const trace = useMemo(() => traceLines('figure', lines, { profile: '6.19' }), [lines]);
  const view = viewOfTrace(trace);
  const step = trace.steps.at(-1);
  if (!step) return null;
  return (
    <div className="lines-figure">
      {step.child === null ? (
        <StateFigure state={step.state} view={view} title={title} borders={false} />
      ) : (
        <ForkFigure step={step} view={view} />
      )}
      {legend && <PictureKey states={step.child === null ? [step.state] : [step.state, step.child]} open />}
    </div>
  );
}
