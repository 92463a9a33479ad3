import { formatOp, type RecordingHeader, type Scenario } from 'fork-sim';
import { useEffect, useRef, useState } from 'react';
import { takeHandedOver } from '../../early/handedOver.ts';
import { errorText } from '../../files/droppedFile.ts';
import { type DroppedFiles, readDroppedFiles } from '../../files/droppedFiles.ts';
import type { ScenarioFile } from '../../files/scenarioFile.ts';
import { programOf } from '../../link/program.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { useFileDrop } from './useFileDrop.ts';
import { usePaste } from './usePaste.ts';
import { FIRST_STATE } from './useShare.ts';

/** The scenarios of a file, one of which is in the editor. */
export interface OpenScenarios extends Pick<ScenarioFile, 'name' | 'ids'> {
  readonly index: number;
  readonly choose: (index: number) => void;
}

/** Files that were dropped or chosen. */
export interface Files {
  readonly dropped: DroppedFiles | null;
  /** Of a file with several scenarios: which there are. */
  readonly scenarios: OpenScenarios | null;
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
  const [chosen, setChosen] = useState<{ readonly list: ScenarioFile; readonly index: number } | null>(null);
  const choose = async (list: ScenarioFile, index: number): Promise<void> => {
    try {
      change(editorStateOf(await list.read(index), list.header));
      setChosen({ list, index });
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const open = async (files: readonly File[]): Promise<void> => {
    try {
      const opened = await readDroppedFiles(files);
      if (opened === null) return;
      setProblem(null);
      setChosen(null);
      if ('file' in opened) {
        setDropped(opened);
        return;
      }
      setDropped(null);
      if (opened.notShown) setProblem(`Not shown: ${opened.notShown.join(' ')}`);
      if (opened.kind === 'scenarios') {
        await choose(opened.list, 0);
        return;
      }
      change({ text: opened.text, step: Math.max(0, programOf(opened.text).scenario.ops.length - 1) });
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const openShared = useRef(open);
  openShared.current = open;
  useEffect(() => {
    if (shared) void openShared.current(shared.map(({ name, text }) => new File([text], name)));
  }, [shared]);
  useEffect(() => {
    const files = takeHandedOver();
    if (files.length > 0) void openShared.current(files);
  }, []);
  /** From now on the link says nothing of files. */
  const forget = (): void => {
    if (shared) change({ files: undefined, step: undefined, text: text === '' ? FIRST_STATE.text : text });
  };
  const openOwn = (files: readonly File[]): Promise<void> => {
    forget();
    return open(files);
  };
  const dragging = useFileDrop(openOwn);
  usePaste((files) => void openOwn(files));
  return {
    dropped,
    scenarios:
      chosen !== null && chosen.list.ids.length > 1
        ? {
            name: chosen.list.name,
            ids: chosen.list.ids,
            index: chosen.index,
            choose: (index) => void choose(chosen.list, index),
          }
        : null,
    dragging,
    problem,
    open: (files) => void openOwn(files),
    close: () => {
      forget();
      setDropped(null);
    },
  };
}

/** A scenario in the editor: as lines, where the lines say all of it; on the kernel that was asked, where it was recorded. */
function editorStateOf(scenario: Scenario, header: RecordingHeader | null): Partial<ShareState> {
  const plain = scenario.windows === undefined && scenario.span === undefined && !scenario.reserve;
  const lines = scenario.ops.map(formatOp).join('\n');
  const readable = plain && programOf(lines).problems.length === 0;
  return {
    text: readable ? lines : JSON.stringify(scenario),
    step: scenario.ops.length - 1,
    ...(header ? { profile: header.kernel, softDirty: header.softDirty } : {}),
  };
}
