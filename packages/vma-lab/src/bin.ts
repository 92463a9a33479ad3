import { processIo } from './cli/cliIo.ts';
import { runCli } from './cli/runCli.ts';

process.exitCode = await runCli(process.argv.slice(2), processIo());
