// The command line as a function, for tests and for programs that embed it.
export { type CliIo, processIo } from './cli/cliIo.ts';
export { runCli } from './cli/runCli.ts';
export * from './cli/exitStatus.ts';

// The form of `--json`.
export type { ReplayJson as ReplayReport } from './json/replayJson.ts';
export type { ReportJson as Report } from './json/reportJson.ts';
export type { SmapsJson as SmapsReport } from './json/smapsJson.ts';
export type { DiffJson as DiffReport } from './json/diffJson.ts';
export type { ForkJson as ForkReport } from './json/forkJson.ts';
export type { WhatIfJson as WhatIfReport } from './json/whatIfJson.ts';
export type { WhyJson as WhyReport } from './json/whyJson.ts';
