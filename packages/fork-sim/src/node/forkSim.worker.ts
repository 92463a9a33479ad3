// oxlint-disable-next-line typescript/triple-slash-reference -- comlink has no types for its adapter; a declaration cannot be imported
/// <reference path="./comlinkNodeAdapter.d.ts" />
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createForkSim } from '../worker/forkSim.ts';
import { guardedEndpoint } from '../worker/guardedEndpoint.ts';
import { serveForkSim } from '../worker/serveForkSim.ts';

if (parentPort !== null) expose(serveForkSim(createForkSim()), guardedEndpoint(nodeEndpoint(parentPort)));
