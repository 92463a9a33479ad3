// A worker that greets and is then silent for ever: what a worker that closed itself looks like from outside.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ id, path }) => {
  if (path?.[0] === 'hello') parentPort.postMessage({ id, type: 'RAW', value: 1 });
});
