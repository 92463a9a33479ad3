// The errors that calls of this package throw.
export * from './replay/errors.ts';

// Processes that share a machine.
export * from './process/process.ts';
export * from './process/inode.ts';
export * from './process/access.ts';
export { type FaultOutcome, handleMmFault } from './process/fault.ts';
export { type DupMmap, dupMmap } from './process/dupMmap.ts';
export * from './process/fork.ts';
export type { ProcessState, WorldState } from './process/processState.ts';
export { clearRefs } from './process/clearRefs.ts';
export * from './process/uffdIoctl.ts';

// Checks, and what a fork would do.
export * from './report/forkPreview.ts';
export * from './process/validateProcess.ts';

// Scenarios: sequences of operations in the form of the recordings.
export * from './scenario/scenario.ts';
export { Arena, type RunOptions } from './scenario/arena.ts';
export { runScenario, type ScenarioStep, stepScenario } from './scenario/runScenario.ts';
export { checkOp, checkScenario, isObject, type ScenarioProblem, usesFormat2 } from './scenario/checkScenario.ts';
export type { JsonPath } from './scenario/jsonPosition.ts';
export { ProcessNames } from './scenario/processNames.ts';
export * from './scenario/parseScenarios.ts';

// The notation of scenarios, read and printed; other forms of an operation.
export type { OpHelp } from './scenario/operations.ts';
export { formatOp, OP_HELP, scenarioOf, wordsAfter } from './scenario/notation.ts';
export { straceText } from './scenario/straceOps.ts';
export { callText } from './scenario/callText.ts';
export { mmapArgs, mremapArgs, pageAddress, protBits, rangeOf } from './scenario/callArgs.ts';
export { exportC } from './scenario/exportC.ts';

// Traces: a scenario with all that a picture of each step needs.
export * from './trace/mapState.ts';
export * from './trace/trace.ts';
export { traceScenario, traceSteps } from './trace/traceScenario.ts';

// Replay: a log of real system calls, turned into calls on simulated processes.
export { type PerformedCall, Replay } from './replay/replay.ts';
export type { ReplayOptions } from './replay/replayOptions.ts';
export type { ReplayedProcess } from './replay/replayedProcess.ts';
export { LogFiles, type OpenFile } from './replay/openFiles.ts';
export { type FaultAssumption, type MapStart, ReplaySpace } from './replay/replaySpace.ts';
export * from './replay/replayNotes.ts';
export * from './replay/adoptSmaps.ts';
export * from './replay/flagsOfSmaps.ts';
export * from './replay/mapGeometry.ts';
export { GuardsAsMarkers } from './replay/guardsAsMarkers.ts';
export type { GuardSize } from './replay/guardSizes.ts';
export { LONGEST_GUARD } from './replay/likeHost.ts';

// Reports: what a log or a smaps tells, as plain data.
export { type LogChange, type LogInput, type LogReport, report, whatIf } from './report/logReport.ts';
export * from './report/vmaRow.ts';
export * from './report/mapSummary.ts';
export * from './report/found.ts';
export * from './report/processNotes.ts';
export * from './report/replayOutcome.ts';
export type { CheckpointResult } from './report/checkpointResult.ts';
export { type Checkpoint, isWrongCheckpoint } from './report/checkpoints.ts';
export {
  type FaultsAsked,
  type FaultsFound,
  type FaultsUse,
  faultsUseOf,
  firstAssumption,
  type WriteException,
} from './report/faultSearch.ts';
export type { FinalMaps, RealMap } from './report/finalMaps.ts';
export * from './report/replayReport.ts';
export { type ProcessRow, shownProcesses, worstProcess } from './report/processRows.ts';
export type { VmaHistory } from './report/vmaHistory.ts';
export type * from './report/overview.ts';
export { smapsOverview } from './report/smapsOverview.ts';
export type { FailureReason } from './replay/failures.ts';
export type { FailureRow } from './report/failureRows.ts';
export type { Consumer, GroupMaker } from './report/consumers.ts';
export type { UnusedMap } from './words/unusedMapWords.ts';
export * from './report/smapsReport.ts';
export { mapNotes, type ReadMap } from './report/smapsNotes.ts';
export * from './report/vmaGroups.ts';
export * from './report/whyReport.ts';
export type { ForkReport, ForkSum, ForkVmaGroup } from './report/forkReport.ts';
export { forkReport } from './report/forkReport.ts';
export * from './report/forkOfPlan.ts';
export * from './report/mapDiff.ts';
export * from './report/whatIfReport.ts';
export type { OutcomeGroup } from './report/callOutcomes.ts';
export type { ForkEntries } from './report/forkEntries.ts';
export type { TimeRange } from './report/forkTime.ts';
export * from './report/compareMaps.ts';
export type { DifferenceGroup, MapDifference } from './report/differenceGroups.ts';
export * from './report/whatIf.ts';
export { type GuardAnswer, guardAnswer } from './report/guardAnswer.ts';
export { type BackingKind, backingOf } from './report/backingOf.ts';
export { type GuardRegion, guardRegions } from './report/guardRegions.ts';
export { type TableCount, tablesFor } from './report/tablesFor.ts';
export { type LimitAnswer, neededLimit } from './report/neededLimit.ts';

// Litmus files: a scenario, and what is claimed of it on each kernel.
export * from './litmus/claim.ts';
export { formatClaim, readClaim } from './litmus/claims.ts';
export {
  formatKernels,
  isKernelIn,
  type KernelRange,
  type KernelSet,
  KERNEL_NAMES,
  parseKernels,
} from './litmus/kernelSet.ts';
export * from './litmus/litmus.ts';
export { formatLitmus, formatLitmusLine } from './litmus/formatLitmus.ts';
export { parseLitmus, type ReadLitmus, readLitmus } from './litmus/parseLitmus.ts';
export { litmusOfScenario, scenarioOfLitmus, titleOf } from './litmus/litmusScenario.ts';
export type { LineProblem } from './litmus/lineProblem.ts';
export { type Program, readProgram } from './litmus/readProgram.ts';
export { type LitmusStep, type LitmusTest, litmusTest } from './litmus/litmusTest.ts';
export {
  LITMUS_HELP,
  LITMUS_TOKENS,
  type LitmusToken,
  type LitmusTokenKind,
  litmusTextMate,
} from './litmus/litmusWords.ts';
export { exportLitmusC } from './litmus/exportLitmusC.ts';
export { judgeLitmus, type LitmusFailure, type LitmusVerdict } from './litmus/judgeLitmus.ts';
