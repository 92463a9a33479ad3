import type { FaultAssumption } from 'fork-sim';
import type { StraceAnswer } from 'fork-sim/worker';
import { type ReactNode, useRef, useState } from 'react';
import { formatVmFlags, type VmFlags } from 'vma-core';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { KernelNote } from '../../KernelNote.tsx';
import { download } from '../exports.ts';
import { KernelSelect } from '../KernelSelect.tsx';
import { Companion } from './Companion.tsx';
import { CopyFilesLink } from './CopyFilesLink.tsx';
import { FaultsSelect } from './FaultsSelect.tsx';
import { Problem } from './Problem.tsx';
import { SmapsFile } from './SmapsFile.tsx';
import { StraceFile } from './StraceFile.tsx';
import { useLab } from './useLab.ts';

export interface DroppedFileProps extends DroppedFiles {
  readonly profile: string;
  /** Where to begin in a log: how many calls are done; absent: at its end. */
  readonly step?: number | undefined;
  /** When private memory of a log counts as written; absent: nobody chose. */
  readonly faults?: FaultAssumption | undefined;
  readonly onClose: () => void;
}

const KINDS = { strace: 'a strace log', smaps: 'a smaps file', maps: 'a maps file' } as const;

/** A log or a map that was dropped, in a worker: nothing of it leaves the browser. */
export default function DroppedFile(props: DroppedFileProps): ReactNode {
  const { profile: chosen, step, faults: assumed, onClose, ...dropped } = props;
  const [profile, setProfile] = useState(chosen);
  const [faults, setFaults] = useState<FaultAssumption | undefined>(assumed);
  const [files, setFiles] = useState<DroppedFiles>(dropped);
  const { lab, problem } = useLab();
  const answer = useRef<StraceAnswer | null>(null);
  const [onAnswer] = useState(() => (latest: StraceAnswer | null) => {
    answer.current = latest;
  });
  const position = useRef(step);
  const [onPosition] = useState(() => (now: number) => {
    position.current = now;
  });
  const { kind, file } = files;
  const saveJson = (): void => {
    const text = `${JSON.stringify({ file: file.name, profile, faults, ...answer.current }, plain, 1)}\n`;
    download(new Blob([text], { type: 'application/json' }), `${file.name}.json`);
  };
  return (
    <>
      <div className="player-head">
        <p className="player-title">
          {file.name}: {KINDS[kind]}
        </p>
        <span className="file-actions">
          <KernelSelect value={profile} onChange={setProfile} />
          {kind === 'strace' && (
            <button type="button" className="lab-button" onClick={saveJson}>
              save JSON
            </button>
          )}
          <CopyFilesLink
            files={files}
            shown={() => ({ profile, step: position.current, ...(faults ? { faults } : {}) })}
          />
          <button type="button" className="lab-button" onClick={onClose}>
            Close
          </button>
        </span>
      </div>
      <KernelNote kernels={[profile]} />
      {files.notShown !== undefined && (
        <ul className="problems" role="status">
          {files.notShown.map((why) => (
            <li key={why} className="problem">
              Not shown: {why}
            </li>
          ))}
        </ul>
      )}
      {files.notes?.map((note) => (
        <p key={note} className="stays">
          {note}
        </p>
      ))}
      {kind === 'strace' ? (
        <p className="companions">
          <Companion
            label="Starting smaps"
            file={files.initial}
            onFile={(initial) => setFiles({ ...files, initial })}
          />
          <Companion label="Final smaps" file={files.final} onFile={(final) => setFiles({ ...files, final })} />
          <FaultsSelect value={faults} onChange={setFaults} />
          {STAYS}
        </p>
      ) : (
        <p className="companions">{STAYS}</p>
      )}
      <Problem problem={problem} />
      {lab !== null &&
        (kind === 'strace' ? (
          <StraceFile
            lab={lab}
            files={files}
            profile={profile}
            faults={faults}
            step={step}
            onAnswer={onAnswer}
            onPosition={onPosition}
          />
        ) : (
          <SmapsFile lab={lab} files={files} profile={profile} />
        ))}
    </>
  );
}

const STAYS = <span className="stays">It stays in this browser: nothing is uploaded.</span>;

/** Columns as lists, flags in the letters of smaps: JSON has neither. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return formatVmFlags(value as VmFlags);
  return ArrayBuffer.isView(value) ? Array.from(value as Uint32Array) : value;
}
