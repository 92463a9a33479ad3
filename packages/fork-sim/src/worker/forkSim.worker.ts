import { type Endpoint, expose } from 'comlink';
import { createForkSim } from './forkSim.ts';
import { guardedEndpoint } from './guardedEndpoint.ts';
import { serveForkSim } from './serveForkSim.ts';

expose(serveForkSim(createForkSim()), guardedEndpoint(globalThis as unknown as Endpoint));
