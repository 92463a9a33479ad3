import { createForkSim } from '../../src/worker/forkSim.ts';
import { describeHugeCalls } from './hugeCalls.ts';
import { describeForkSim } from './suite.ts';

describeForkSim('in the same thread', async () => createForkSim());
describeHugeCalls('in the same thread', async () => createForkSim());
