import { useEffect, useState } from 'react';

/** How many exercises a reader has answered, and how many rightly. */
export interface Score {
  readonly right: number;
  readonly tried: number;
}

const STORED = 'lab-exercise-score';
const NONE: Score = { right: 0, tried: 0 };

/** The score, which the browser keeps from visit to visit; how an answer is counted; and how one begins again. */
export function useScore(): readonly [score: Score, count: (right: boolean) => void, reset: () => void] {
  const [score, setScore] = useState(NONE);
  useEffect(() => setScore(readScore()), []);
  const keep = (next: Score): void => {
    setScore(next);
    try {
      localStorage.setItem(STORED, JSON.stringify(next));
    } catch {
      // It is kept for this visit.
    }
  };
  return [score, (right) => keep({ right: score.right + (right ? 1 : 0), tried: score.tried + 1 }), () => keep(NONE)];
}

function readScore(): Score {
  try {
    const { right, tried } = JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Score>;
    const isScore = Number.isSafeInteger(right) && Number.isSafeInteger(tried) && Number(right) <= Number(tried);
    return isScore ? { right: Number(right), tried: Number(tried) } : NONE;
  } catch {
    return NONE;
  }
}
