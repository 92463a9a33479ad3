import { type ReactNode, useMemo, useState } from 'react';
import { type MergeCase, mergeCases } from '../content/mergeCases.ts';
import { mergePath } from '../link/statePaths.ts';
import { frameAt, motionBetween } from '../picture/motion.ts';
import { Interactive } from './Interactive.tsx';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { placer } from './placer.ts';
import { protOf } from './Strip.tsx';

const VIEW = { from: 0, to: 16 };

/** The shapes of merges of one kind, each a small picture that moves under the pointer, or with the arrow keys. */
export function MergeGallery({ of }: { readonly of: MergeCase['of'] }): ReactNode {
  const cases = useMemo(() => mergeCases().filter((one) => one.of === of), [of]);
  return (
    <Interactive>
      <div className="gallery">
        {cases.map((one) => (
          <MergeCard key={one.name} shape={one} />
        ))}
      </div>
    </Interactive>
  );
}

function MergeCard({ shape }: { readonly shape: MergeCase }): ReactNode {
  const [moment, setMoment] = useState(0);
  const { name, anchor, lines, step, merged } = shape;
  const { before, state } = step;
  const sentence = `${before.vmas.length} before, ${state.vmas.length} after`;
  return (
    <article className="gallery-card" id={anchor}>
      <h3>{name}</h3>
      <code>{step.call}</code>
      <div
        className="gallery-picture"
        role="img"
        aria-label={`${name}. VMAs: ${sentence}.`}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setMoment(Math.min(1, Math.max(0, ((clientX - left) / width) * 1.1 - 0.05)));
        }}
      >
        <Bars shape={shape} moment={moment} />
        <div
          className="gallery-range"
          style={{ ...placer(VIEW)(merged.range.start, merged.range.end), opacity: 1 - Math.min(1, moment * 2) }}
        >
          *
        </div>
      </div>
      <div className="gallery-foot">
        <input
          type="range"
          aria-label={`From before to after: ${name}`}
          min={0}
          max={100}
          step={5}
          value={Math.round(moment * 100)}
          onChange={(event) => setMoment(Number(event.target.value) / 100)}
        />
        <span>{sentence}</span>
      </div>
      <PlaygroundLink lines={lines} profile="6.19" page={mergePath(anchor)} />
    </article>
  );
}

/** The bars at a moment between before and after. */
function Bars({ shape, moment }: { readonly shape: MergeCase; readonly moment: number }): ReactNode {
  const { before, state } = shape.step;
  const { bars } = useMemo(() => motionBetween(before, state, VIEW), [before, state]);
  const at = placer(VIEW);
  const letters = [...new Set([...state.vmas, ...before.vmas].map(({ letter }) => letter))];
  return letters.map((letter) => {
    const was = before.vmas.find((vma) => vma.letter === letter);
    const is = state.vmas.find((vma) => vma.letter === letter);
    const vma = (moment < 1 ? (was ?? is) : (is ?? was))!;
    const moved = bars.find((bar) => bar.letter === letter);
    const frame = moved && frameAt(moved.frames, moment);
    const style = frame
      ? { left: `${frame.left}%`, width: `${frame.width}%`, opacity: frame.opacity }
      : at(vma.start, vma.end);
    return (
      <div key={letter} className={`bar bar-${vma.kind} bar-${protOf(vma)}`} style={style}>
        <div className="bar-text">
          <span className="bar-letter">{letter}</span>
        </div>
      </div>
    );
  });
}
