// Options that several commands have, each said once.
import { Option } from 'commander';
import { type FaultAssumption, LONGEST_GUARD } from 'fork-sim';
import { DEFAULT_MAX_MAP_COUNT, EARLIER_PROFILES, KERNEL_PROFILES } from 'vma-core';
import { DEFAULT_KERNEL, readKernel, readKernels, readLimit, readLongestGuard, readProcess } from './options.ts';

const PROFILES = [...EARLIER_PROFILES, ...KERNEL_PROFILES].map(({ name }) => name).join(', ');
const KERNEL_HELP = `a profile (${PROFILES}) or a version from 5.10 on, as uname -r gives it`;

/** An option that is read as it is parsed; the help shows its default as one would type it. */
export function withDefault<T>(flags: string, about: string, read: (text: string) => T, value: string): Option {
  return new Option(flags, about).default(read(value), JSON.stringify(value)).argParser(read);
}

/** `--kernel`: one kernel; gives a `ChosenKernel`. */
export function kernelOption(): Option {
  return withDefault('--kernel <version>', KERNEL_HELP, readKernel, DEFAULT_KERNEL);
}

/** `--kernel` of what may be a running process or a recording: gives a `ChosenKernel`, or nothing where it is not given. */
export function ownKernelOption(): Option {
  const about = `${KERNEL_HELP} (default: ${DEFAULT_KERNEL}; of a pid, this machine's; of a recording, its own)`;
  return new Option('--kernel <version>', about).argParser(readKernel);
}

/** `--kernel A[,B]` of what may be a running process or a recording: gives `ChosenKernel`s, or nothing where it is not given. */
export function ownKernelsOption(): Option {
  const about = `${KERNEL_HELP}; two are compared (default: ${DEFAULT_KERNEL}; of a pid, this machine's; of a recording, its own)`;
  return new Option('--kernel <a[,b]>', about).argParser(readKernels);
}

/** `--max-map-count` of what may tell it itself: gives a number, or nothing where it is not given. `own`: where it then comes from. */
export function ownLimitOption(own: string = 'of a pid, what this machine has'): Option {
  const about = `the limit vm.max_map_count (default: ${DEFAULT_MAX_MAP_COUNT}; ${own})`;
  return new Option('--max-map-count <n>', about).argParser(readLimit);
}

/** `--longest-guard`: gives bytes. */
export function longestGuardOption(): Option {
  const about = 'what-if: a longer PROT_NONE range is a reserve, no guard';
  return withDefault('--longest-guard <kB>', about, readLongestGuard, String(LONGEST_GUARD / 1024));
}

const FAULTS: readonly FaultAssumption[] = ['never', 'on-map', 'auto'];

/** `--faults`: gives a `FaultAssumption`, `infer`, or nothing where it is not given. */
export function faultsOption(): Option {
  const about = 'which private memory counts as written (default: on-map, or faults that lead to the final map)';
  return new Option('--faults <mode>', about).choices([...FAULTS, 'infer']);
}

/** `--process`: gives the pid of a process of a log. `own`: which one it is where it is not given. */
export function processOption(own: string = 'the first'): Option {
  return new Option('--process <pid>', `of a log with several processes: which one (default: ${own})`).argParser(
    readProcess,
  );
}

/** `--fault-log`: gives the path of a file of page faults. */
export function faultLogOption(): Option {
  const about = 'page faults that perf recorded beside the log: nothing is assumed (default: the recording’s)';
  return new Option('--fault-log <file>', about);
}

/** `--all`. `what`: of what everything is shown. */
export function allOption(what: string): Option {
  return new Option('--all', what);
}

/** An option that may be given several times; gives their texts. */
export function repeatable(flags: string, about: string): Option {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return new Option(flags, about).default([]).argParser(collect);
}

/** `--initial` of a command that takes one log. */
export function initialOption(): Option {
  return new Option('--initial <smaps>', 'of a log: the map when it begins, right after execve');
}

/** What a question may be asked of. */
export const SUBJECT_OPERAND: readonly [usage: string, about: string] = [
  '<file-or-pid>',
  'a smaps, a maps, a strace log (all may be gzip), a recording\u2019s folder, a pid; - reads standard input',
];
