import type { ReactNode } from 'react';

/** One figure, and what it is of. */
export interface Figure {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}

interface FiguresProps {
  readonly figures: readonly Figure[];
}

/** A few figures in one line: the answers that one came for. */
export function Figures({ figures }: FiguresProps): ReactNode {
  return (
    <dl className="figures">
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figure-value">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The same figures, each with what there is to say of it. */
export function FigureNotes({ figures }: FiguresProps): ReactNode {
  return (
    <dl className="figure-notes">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong> {note}
          </dd>
        </div>
      ))}
    </dl>
  );
}
