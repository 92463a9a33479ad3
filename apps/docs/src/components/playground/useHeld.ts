import { useRef } from 'react';

/** A value as it was when `hold` was last false. */
export function useHeld<T>(value: T, hold: boolean): T {
  const held = useRef(value);
  if (!hold) held.current = value;
  return held.current;
}
