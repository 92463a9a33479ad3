import { formatOp } from 'fork-sim';
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../files/droppedFile.ts';
import { type DroppedFiles, readDroppedFiles } from '../../files/droppedFiles.ts';
import { programOf } from '../../link/program.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { useFileDrop } from './useFileDrop.ts';
import { FIRST_STATE } from './useShare.ts';

/** Files that were dropped or chosen. */
export interface Files {
  readonly dropped: DroppedFiles | null;
  /** Files are dragged over the page. */
  readonly dragging: boolean;
  readonly problem: string | null;
  readonly open: (files: readonly File[]) => void;
  readonly close: () => void;
}

/** Opens files, and those that a link carries: scenarios and recordings go into the editor, logs and maps are shown apart. */
export function useFiles({ files: shared, text }: ShareState, change: (part: Partial<ShareState>) => void): Files {
  const [dropped, setDropped] = useState<DroppedFiles | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const open = async (files: readonly File[]): Promise<void> => {
    try {
      const opened = await readDroppedFiles(files);
      if (opened === null) return;
      setProblem(null);
      if (opened.kind === 'litmus') {
        change({ text: opened.text, step: Math.max(0, programOf(opened.text).scenario.ops.length - 1) });
        return;
      }
      if (opened.kind !== 'scenarios') {
        setDropped(opened);
        return;
      }
      const [scenario] = opened.scenarios;
      if (!scenario) throw new Error('The file holds no scenario.');
      const plain = scenario.windows === undefined && scenario.span === undefined && !scenario.reserve;
      const lines = scenario.ops.map(formatOp).join('\n');
      const readable = plain && programOf(lines).problems.length === 0;
      change({
        text: readable ? lines : JSON.stringify(scenario),
        step: scenario.ops.length - 1,
        ...(opened.header ? { profile: opened.header.kernel, softDirty: opened.header.softDirty } : {}),
      });
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const openShared = useRef(open);
  openShared.current = open;
  useEffect(() => {
    if (shared) void openShared.current(shared.map(({ name, text }) => new File([text], name)));
  }, [shared]);
  /** From now on the link says nothing of files. */
  const forget = (): void => {
    if (shared) change({ files: undefined, step: undefined, text: text === '' ? FIRST_STATE.text : text });
  };
  const openOwn = (files: readonly File[]): Promise<void> => {
    forget();
    return open(files);
  };
  const dragging = useFileDrop(openOwn);
  return {
    dropped,
    dragging,
    problem,
    open: (files) => void openOwn(files),
    close: () => {
      forget();
      setDropped(null);
    },
  };
}
