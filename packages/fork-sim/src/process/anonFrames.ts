import type { FrameTable, Pfn } from 'pt-model';

/** A fresh anonymous page with the bytes of another. Throws OutOfMemoryError, and none is taken then. */
export function anonCopy(frames: FrameTable, from: Pfn): Pfn {
  const copy = frames.allocAnon();
  try {
    frames.copyContents(from, copy);
  } catch (error) {
    frames.put(copy);
    throw error;
  }
  return copy;
}

/** A fresh anonymous page whose first byte is `value`. Throws OutOfMemoryError, and none is taken then. */
export function anonWith(frames: FrameTable, value: number): Pfn {
  const pfn = frames.allocAnon();
  try {
    frames.writeByte(pfn, 0, value);
  } catch (error) {
    frames.put(pfn);
    throw error;
  }
  return pfn;
}
