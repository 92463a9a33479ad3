export * from './explore.ts';
export { CALL_KINDS, type CallKind, type CallKindName, THEMES, type Theme } from './callKinds.ts';
export { PAIR_PROPERTIES, PROPERTIES, type Property, type Reached, type Step } from './properties.ts';
export type { Call, CallResult } from './call.ts';
export type { CallEffect } from './callEffect.ts';
export { type PageContents, StateView } from './stateView.ts';
export { NotReplayedError } from './rerun.ts';
