// oxlint-disable-next-line typescript/triple-slash-reference -- comlink has no types for its adapter; a declaration cannot be imported
/// <reference path="./comlinkNodeAdapter.d.ts" />
import { parentPort } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { serveForkSim } from '../worker/serveForkSim.ts';

if (parentPort !== null) serveForkSim(nodeEndpoint(parentPort));
