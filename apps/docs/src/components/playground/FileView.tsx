import { lazy, type ReactNode, Suspense } from 'react';
import type { DroppedFileProps } from './file/DroppedFile.tsx';

const DroppedFile = lazy(() => import('./file/DroppedFile.tsx'));

/** A dropped log or map. What shows it is loaded when the first one comes. */
export function FileView(props: DroppedFileProps): ReactNode {
  const { file } = props;
  return (
    <section className="panel file-view" aria-label={`The file ${file.name}`}>
      <Suspense fallback={<p role="status">Opening {file.name} …</p>}>
        <DroppedFile key={`${file.name} ${file.size} ${file.lastModified}`} {...props} />
      </Suspense>
    </section>
  );
}
