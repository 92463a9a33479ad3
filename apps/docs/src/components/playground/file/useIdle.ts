import { useEffect, useState } from 'react';

/** A value as it was when it last stayed the same for a number of milliseconds. */
export function useIdle<T>(value: T, ms: number): T | null {
  const [settled, setSettled] = useState<T | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled === value ? settled : null;
}
