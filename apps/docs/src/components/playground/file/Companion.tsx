import type { ReactNode } from 'react';

interface CompanionProps {
  readonly label: string;
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}

/** A smaps that goes with a log: its name, or a button to choose one. */
export function Companion({ label, file, onFile }: CompanionProps): ReactNode {
  return (
    <label className="lab-button file-button companion">
      {label}: {file === undefined ? 'choose a file' : file.name}
      <input
        type="file"
        aria-label={label}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) onFile(chosen);
          event.target.value = '';
        }}
      />
    </label>
  );
}
