/** Something that can be done in the playground: by a key, in the list of all commands, and often by a button. */
export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  /** The key that does it anywhere outside of a field. */
  readonly key?: string;
  /** Why it cannot be done now; absent: it can. */
  readonly off?: string | undefined;
  readonly run: () => void;
}

/** Commands whose names hold every word that was typed, in any order. */
export function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ name, group }) => {
    const text = `${group} ${name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** How a key is written where it is shown. */
export function keyName(key: string): string {
  return { ArrowLeft: '←', ArrowRight: '→' }[key] ?? key;
}

/** The keys of the commands that can be done now. */
export function keysOf(commands: readonly Command[]): ReadonlyMap<string, () => void> {
  return new Map(commands.flatMap(({ key, off, run }) => (key === undefined || off !== undefined ? [] : [[key, run]])));
}
