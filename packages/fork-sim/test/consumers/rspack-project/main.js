import { startForkSim } from 'fork-sim/worker';

const lab = await startForkSim();
const decisions = [];
await lab.newProcess({ profile: '6.19' });
const { addr } = await lab.buildAnon({ bytes: 2 ** 30 });
const fork = await lab.fork({}, { onDecisions: (batch) => decisions.push(...batch) });
const touch = await lab.touch({ pid: fork.child, addr, pages: 10, access: 'write' });
await lab.dispose();
document.querySelector('output').textContent = JSON.stringify({ fork, touch, decisions });
