// A worker that greets, and dies of the first call.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ id, path }) => {
  if (path?.[0] === 'ping') parentPort.postMessage({ id, type: 'RAW', value: undefined });
  else throw new Error('the roof fell in');
});
