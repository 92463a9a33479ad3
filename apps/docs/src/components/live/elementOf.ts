import ReactLiveScope from '@theme/ReactLiveScope';
import type { ComponentType } from 'react';
import { generateElement } from 'react-live';

/**
 * Live code as a component. In a browser only the page in a sandboxed frame may do this: the policy of every other page forbids it.
 * @param fail hears what goes wrong while it is drawn
 * @throws what is wrong with the code
 */
export function elementOf(code: string, fail: (error: unknown) => void): ComponentType {
  return generateElement({ code: `${code};`, scope: { ...ReactLiveScope }, enableTypeScript: true }, fail);
}
