import type { Consumer, FailureRow, Help } from 'fork-sim';
import { consumerText, failureTitle, failureWhy, flagsDiffWords, headline, helpText } from 'fork-sim/words';
import type { ReportAnswer } from '../cli/answers.ts';
import { hexAddress } from './texts.ts';

/** What `vma-lab report --json` prints. */
export type ReportJson = ReturnType<typeof reportJson>;

/** The report as `--json` prints it: addresses in hex, reasons in words too. A field may be added without a new version. */
export function reportJson({ file, kernel, overview, threads, replay, notes }: ReportAnswer) {
  const { consumers, failures, helps, ...rest } = overview;
  return {
    kind: 'report' as const,
    version: 1 as const,
    file,
    kernel: kernel.kernel,
    profile: kernel.profile.name,
    measured: kernel.measured,
    headline: headline(overview),
    threads,
    log: replay?.log ?? null,
    ...rest,
    consumers: consumers.map(consumerJson),
    failures: failures.map((failure) => failureJson(failure, overview.maxMapCount)),
    helps: helps.map((help) => ({ ...helpJson(help), text: helpText(help, overview) })),
    notes,
  };
}

function consumerJson(consumer: Consumer) {
  const { group, ...rest } = consumer;
  return {
    ...rest,
    group: group && { ...group, at: hexAddress(group.at) },
    text: consumerText(consumer),
  };
}

function failureJson(failure: FailureRow, maxMapCount: number) {
  return { ...failure, title: failureTitle(failure), text: failureWhy(failure, maxMapCount) };
}

function helpJson(help: Help) {
  return help.kind === 'oneFlag' ? { ...help, flag: flagsDiffWords(help.flag), at: hexAddress(help.at) } : help;
}
