import { type ReactNode, useEffect, useRef, useState } from 'react';
import { StagePicture } from './StagePicture.tsx';

interface StageProps {
  /** The calls of the text, one a line. */
  readonly lines: string;
  readonly profile?: string;
  /** The traces of its calls. */
  readonly kept: string;
  /** The page that shows the state after the first `made` calls; its link has a picture. */
  readonly pageOf?: (made: number) => string;
  /** Scenes: a `section` each, with `data-made`, the number of calls that it tells of. */
  readonly children: ReactNode;
}

/** A text with one picture beside it, which stays in view and changes as one reads. Above the text where there is no room beside it. */
export function Stage({ lines, profile = '6.19', kept, pageOf, children }: StageProps): ReactNode {
  const text = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState(1);
  useEffect(() => {
    const scenes = [...(text.current?.querySelectorAll<HTMLElement>('[data-made]') ?? [])];
    const inView = new Set<Element>();
    // A scene is read while it is in the middle of the window, or of the part that the picture above it leaves.
    const rootMargin = matchMedia('(max-width: 1100px)').matches ? '-60% 0px -30% 0px' : '-40% 0px -45% 0px';
    const watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inView.add(target);
          else inView.delete(target);
        }
        const read = scenes.filter((scene) => inView.has(scene)).at(-1);
        if (read) setMade(Number(read.dataset.made));
      },
      { rootMargin },
    );
    for (const scene of scenes) watch.observe(scene);
    return () => watch.disconnect();
  }, []);
  return (
    <div className="stage">
      <div className="stage-text" ref={text}>
        {children}
      </div>
      <div className="stage-side">
        <StagePicture lines={lines.split('\n')} made={made} profile={profile} pageOf={pageOf} kept={kept} />
      </div>
    </div>
  );
}
