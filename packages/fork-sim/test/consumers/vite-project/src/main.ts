import { type DecisionRecord, type ForkSimClient, startForkSim } from 'fork-sim/worker';

const lab: ForkSimClient = await startForkSim();
const decisions: DecisionRecord[] = [];
await lab.newProcess({ profile: '6.19' });
const { addr } = await lab.buildAnon({ bytes: 2 ** 30 });
const fork = await lab.fork({}, { onDecisions: (batch) => decisions.push(...batch) });
const touch = await lab.touch({ pid: fork.child, addr, pages: 10, access: 'write' });
await lab.dispose();

const output = document.querySelector('output');
if (output !== null) output.textContent = JSON.stringify({ fork, touch, decisions });
