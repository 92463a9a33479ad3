/** CPU time of this process so far, in ns: all its threads, so that compiling and collecting garbage count too. */
export function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** CPU time that `work` takes, in ns. */
export function timeOf(work: () => void): number {
  const from = cpuNanoseconds();
  work();
  return cpuNanoseconds() - from;
}
