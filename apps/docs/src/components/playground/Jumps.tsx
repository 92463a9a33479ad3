import type { ReactNode, RefObject } from 'react';
import type { Player } from './usePlayer.ts';

interface JumpsProps {
  readonly player: Player;
  /** There are two kernels. */
  readonly compares: boolean;
  /** The field for the number of a step, so that a key can go there. */
  readonly stepField: RefObject<HTMLInputElement | null>;
}

/** A step by its number, and the jumps to what happened. */
export function Jumps({ player, compares, stepField }: JumpsProps): ReactNode {
  const { index, last, goTo, merges, refusals, differing } = player;
  return (
    <span className="playground-jumps">
      <label className="profile-select">
        <span>Go to step</span>
        <input
          ref={stepField}
          type="number"
          min={1}
          max={last + 1}
          value={index + 1}
          onChange={(event) => {
            const step = Number(event.target.value);
            if (Number.isInteger(step) && step >= 1 && step <= last + 1) goTo(step - 1);
          }}
        />
      </label>
      <Jump name="merge" letter="m" steps={merges} onJump={player.nextMerge} />
      <Jump name="refusal" letter="r" steps={refusals} onJump={player.nextRefusal} />
      {compares && <Jump name="difference" letter="d" steps={differing} onJump={player.nextDifference} />}
    </span>
  );
}

interface JumpProps {
  readonly name: string;
  readonly letter: string;
  readonly steps: readonly number[];
  readonly onJump: () => void;
}

function Jump({ name, letter, steps, onJump }: JumpProps): ReactNode {
  const where = steps.map((step) => step + 1).join(', ');
  return (
    <button
      type="button"
      className="lab-button"
      disabled={steps.length === 0}
      title={steps.length === 0 ? `no ${name} in this run` : `steps ${where}`}
      onClick={onJump}
    >
      next {name} <kbd>{letter}</kbd>
    </button>
  );
}
