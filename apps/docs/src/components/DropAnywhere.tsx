import { useHistory, useLocation } from '@docusaurus/router';
import useBaseUrl from '@docusaurus/useBaseUrl';
import { type ReactNode, useEffect } from 'react';
import { handOver, takeHandedOver } from '../early/handedOver.ts';
import { DropOverlay } from './playground/DropOverlay.tsx';
import { useFileDrop } from './playground/useFileDrop.ts';

/** Takes files that are dropped on any page: they open in the playground, which takes them itself where it is shown. */
export function DropAnywhere(): ReactNode {
  const playground = useBaseUrl('/playground');
  const { pathname } = useLocation();
  return pathname.replace(/\/$/, '') === playground ? null : <Taker playground={playground} />;
}

function Taker({ playground }: { readonly playground: string }): ReactNode {
  const history = useHistory();
  const open = async (files: readonly File[]): Promise<void> => {
    handOver(files);
    history.push(playground);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was dropped before the scripts came is opened once
  useEffect(() => {
    const early = takeHandedOver();
    if (early.length > 0) void open(early);
  }, []);
  const dragging = useFileDrop(open);
  return <DropOverlay shown={dragging} />;
}
