import { createForkSim } from '../../src/worker/index.ts';
import { describeForkSim } from './suite.ts';

describeForkSim('in the same thread', async () => createForkSim());
