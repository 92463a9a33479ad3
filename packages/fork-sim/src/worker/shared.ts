// What a worker of the browser and one of Node have alike: calls, answers, errors.

// The answers: plain data.
export type { LitmusFailure, LitmusVerdict } from '../litmus/judgeLitmus.ts';
// The errors of a call: those of the engine, and those that only a worker has.
export * from '../replay/errors.ts';
export type { CheckpointResult } from '../report/checkpointResult.ts';
export type * from '../report/compareMaps.ts';
export type { FaultsFound, WriteException } from '../report/faultSearch.ts';
export type { ForkReport, ForkVmaGroup } from '../report/forkReport.ts';
export type * from '../report/found.ts';
export type { GuardAnswer } from '../report/guardAnswer.ts';
export type { ChangeGroup, MapDiff } from '../report/mapDiff.ts';
export type * from '../report/mapSummary.ts';
export type { LimitAnswer } from '../report/neededLimit.ts';
export type { Overview } from '../report/overview.ts';
export type * from '../report/processNotes.ts';
export { type ProcessRow, shownProcesses } from '../report/processRows.ts';
export type * from '../report/replayOutcome.ts';
export * from '../report/slices.ts';
export type * from '../report/vmaRow.ts';
export type { GuardsAnswer, WhatIfAnswer } from '../report/whatIf.ts';
export type { WhyGroup, WhyReport } from '../report/whyReport.ts';
export type { UnusedMap } from '../words/unusedMapWords.ts';
export type { ForkSimApi } from './calls.ts';
export type { ForkSimClient, ForkSimClientOptions } from './clientTypes.ts';
export type * from './forkSimApi.ts';
export * from './logTypes.ts';
export * from './workerErrors.ts';
