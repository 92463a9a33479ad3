// The form of `--json`: types alone. They name types of `fork-sim`, which has to be installed beside.

export type { DiffJson as DiffReport } from './diffJson.ts';
export type { ForkJson as ForkReport } from './forkJson.ts';
export type { ReplayJson as ReplayReport } from './replayJson.ts';
export type { ReportJson as Report } from './reportJson.ts';
export type { SmapsJson as SmapsReport } from './smapsJson.ts';
export type { WhatIfJson as WhatIfReport } from './whatIfJson.ts';
export type { WhyJson as WhyReport } from './whyJson.ts';
