/** What the plugins of `plugins/` write while the site is built: each page that needs it imports it, and no other page carries it. */
declare module '@generated/exercises/default/recorded.json' {
  const recorded: readonly import('./content/recordedExercises.ts').RecordedExercise[];
  export default recorded;
}
declare module '@generated/glossary/default/groups.json' {
  const groups: readonly import('./content/glossary.ts').GlossaryGroup[];
  export default groups;
}
declare module '@generated/story-traces/default/kept.json' {
  const kept: string;
  export default kept;
}
declare module '@generated/speed/default/run.json' {
  const run: import('./measured/benchRun.ts').BenchRun | null;
  export default run;
}
declare module '@generated/evidence/default/evidence.json' {
  const evidence: import('./measured/evidence.ts').Evidence;
  export default evidence;
}
declare module '@generated/fork-cost/default/rows.json' {
  const rows: readonly import('./measured/forkCosts.ts').ForkCostRow[];
  export default rows;
}
declare module '@generated/kernels/default/kernels.json' {
  const kernels: readonly { readonly name: string; readonly kernels: string }[];
  export default kernels;
}
declare module '@generated/litmus/default/library.json' {
  const library: readonly import('./content/library.ts').LibraryRow[];
  export default library;
}
/** The address of a font. */
declare module '*.woff2' {
  const address: string;
  export default address;
}
