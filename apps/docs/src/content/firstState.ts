import type { ShareState } from '../link/shareLink.ts';
import { EXAMPLES } from './examples.ts';

const FIRST = EXAMPLES[0];

/** What the playground shows before anybody did anything, and what its HTML has. */
export const FIRST_STATE: ShareState = { text: FIRST?.lines ?? '', profile: FIRST?.profile ?? '6.19', step: 3 };
