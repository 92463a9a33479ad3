import type { MapSlice } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { findVma } from '../../../mapPicture/findVma.ts';

interface MapFindProps {
  readonly map: MapSlice;
  /** The VMA from which the next one is sought; -1: none is chosen. */
  readonly picked: number;
  readonly onFound: (vma: number) => void;
}

/** Finds a VMA by an address in it, or by a part of the name of its file; again, the next one. */
export function MapFind({ map, picked, onFound }: MapFindProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [none, setNone] = useState(false);
  return (
    <form
      className="map-find"
      onSubmit={(event) => {
        event.preventDefault();
        const found = findVma(map, typed, picked);
        setNone(found < 0 && typed.trim() !== '');
        if (found >= 0) onFound(found);
      }}
    >
      <label className="profile-select">
        <span>Find</span>
        <input
          type="text"
          placeholder="address or file"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setNone(false);
          }}
        />
      </label>
      <button type="submit" className="lab-button">
        find
      </button>
      <span className="stays" role="status">
        {none ? 'No VMA holds this address or has this name.' : ''}
      </span>
    </form>
  );
}
