// oxlint-disable-next-line typescript/triple-slash-reference -- comlink has no types for its adapter; a declaration cannot be imported
/// <reference path="./comlinkNodeAdapter.d.ts" />
import { parentPort } from 'node:worker_threads';
import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { type Round, ShardService } from './shardService.ts';

/** The service, which hands its blocks over instead of copying them. */
class Handing extends ShardService {
  override round(states: number, incoming: readonly Int32Array[]): Round {
    const round = super.round(states, incoming);
    return transfer(
      round,
      round.blocks.map(({ buffer }) => buffer),
    );
  }
}

if (parentPort !== null) expose(new Handing(), nodeEndpoint(parentPort));
