import type { MapColours } from 'fork-sim/picture';
import { type RefObject, useEffect, useState } from 'react';
import { readMapColours } from '../../../mapPicture/mapColours.ts';

/** The colours of the page, read again when it turns light or dark. */
export function useMapColours(element: RefObject<Element | null>): MapColours | null {
  const [colours, setColours] = useState<MapColours | null>(null);
  useEffect(() => {
    const read = (): void => {
      if (element.current) setColours(readMapColours(element.current));
    };
    read();
    const watcher = new MutationObserver(read);
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => watcher.disconnect();
  }, [element]);
  return colours;
}
