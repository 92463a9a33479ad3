import type { Endpoint } from 'comlink';
import { serveForkSim } from './serveForkSim.ts';

serveForkSim(globalThis as unknown as Endpoint);
