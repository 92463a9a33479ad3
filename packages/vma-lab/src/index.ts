// The command line as a function, for tests and for programs that embed it.
export { type CliIo, processIo } from './cli/cliIo.ts';
export { runCli } from './cli/runCli.ts';
export * from './cli/exitStatus.ts';
