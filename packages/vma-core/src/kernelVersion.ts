/** A kernel's version: major, minor, patch level. */
export type KernelVersion = readonly [major: number, minor: number, patch: number];

/** What a version string says. */
export interface ReadVersion {
  /** As far as it is known: a patch level that is not is 0. */
  readonly version: KernelVersion;
  /** False: the string names only major and minor, or is a distribution's name whose third number is no patch level. */
  readonly patchKnown: boolean;
  /** Red Hat's kernels, which take much of later ones over without saying so in the version. */
  readonly redHat: boolean;
}

/** The version itself, alone, behind `v`, or in a line of `uname -a` or `/proc/version`. */
const VERSION = /^(?:Linux (?:version |\S+ )?)?v?(\d+)\.(\d+)(?:\.(\d+))?((?:[-+~_. ].*)?)$/;
/** Where distributions whose names hide the patch level give it: `Debian 6.1.176-1` in `uname -v`; Ubuntu's `/proc/version_signature`. */
const DEBIAN = /\bDebian (\d+)\.(\d+)\.(\d+)/;
const UBUNTU = /^Ubuntu \S+ (\d+)\.(\d+)\.(\d+)$/;
/** `6.1.0-41-amd64`, `5.15.0-130-generic`, `5.14.0-427.el9`: the third number is 0 at every patch level, and a build's number follows. */
const HIDES_PATCH = /^-\d/;

/**
 * Reads a version: `6.18.44`, a name as `uname -r` gives it (`6.12.43+deb13-amd64`, `6.1.0-41-amd64`), or a line that contains it
 * (`uname -a`, `/proc/version`, Ubuntu's `/proc/version_signature`). `null`: the text is no version.
 */
export function readVersion(text: string): ReadVersion | null {
  const given = DEBIAN.exec(text) ?? UBUNTU.exec(text);
  if (given !== null) return { version: numbers(given), patchKnown: true, redHat: false };
  const match = VERSION.exec(text);
  if (match === null) return null;
  const rest = match[4] ?? '';
  const hidden = match[3] === '0' && HIDES_PATCH.test(rest);
  return {
    version: numbers(match),
    patchKnown: match[3] !== undefined && !hidden,
    redHat: /\.el\d/.test(rest),
  };
}

/** Below 0: `a` is older than `b`. */
export function compareVersions(a: KernelVersion, b: KernelVersion): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Do both belong to one stable branch, such as 6.12? */
export function isSameBranch(a: KernelVersion, b: KernelVersion): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** `6.13`, `6.18.8`: a patch level of 0 is not written. */
export function formatVersion([major, minor, patch]: KernelVersion): string {
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** The version of a release as it stands in a table: `6.18.8`, `6.13`. */
export function versionOf(release: string): KernelVersion {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return [major, minor, patch];
}

function numbers(match: RegExpExecArray): KernelVersion {
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}
