import type { ReactNode } from 'react';
import { viewOfTrace } from '../picture/view.ts';
import { useTrace } from '../traces/useTraces.ts';
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
  /** The traces of its calls; the build adds them (plugins/keepTraces.ts). */
  readonly kept?: string | undefined;
}

/** The map after some calls, as a picture without controls: on 6.19, and with the child where the last call is a fork. */
export function LinesFigure({ lines, title, legend = false, kept }: LinesFigureProps): ReactNode {
  const { trace } = useTrace({ lines, profile: '6.19', softDirty: false }, kept);
  const step = trace.steps.at(-1);
  if (!step) return null;
  const view = viewOfTrace(trace);
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
