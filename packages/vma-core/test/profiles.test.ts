import { describe, expect, it } from 'vitest';
import { EARLIER_PROFILES, KERNEL_PROFILES, type KernelProfile, vmaNeedsCopy, vmFlags } from '../src/index.ts';
import * as profiles from '../src/profiles/index.ts';

const ALL: readonly KernelProfile[] = [...EARLIER_PROFILES, ...KERNEL_PROFILES];
const constantOf = ({ name }: KernelProfile): string => `KERNEL_${name.toUpperCase().replace(/\W/g, '_')}`;

function literal(value: unknown): string {
  if (typeof value === 'bigint') return `0x${value.toString(16)}n as VmFlags`;
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, inner]) => `${key}: ${literal(inner)}`);
  return `{ ${fields.join(', ')} }`;
}

/** A profile as a module without imports at run time, so that a bundle with one profile has no other. */
function moduleOf(profile: KernelProfile): string {
  const fields = Object.entries(profile).map(([key, value]) => `  ${key}: ${literal(value)},\n`);
  return `// Written by test/profiles.test.ts (vitest -u) from ruleChanges.ts, which is the place to change a rule.
import type { KernelProfile } from '../kernelProfile.ts';
import type { VmFlags } from '../vmFlags.ts';

/** \`kernelProfile('${profile.name}')\`: ${profile.kernels}. */
export const ${constantOf(profile)}: KernelProfile = {
${fields.join('')}};
`;
}

describe('each profile as a constant', () => {
  it.each(ALL.map((profile) => [profile.name, profile] as const))(
    '%s is what the table of changes gives',
    async (name, profile) => {
      await expect(moduleOf(profile)).toMatchFileSnapshot(`../src/profiles/${name}.ts`);
      expect(new Map(Object.entries(profiles)).get(constantOf(profile))).toEqual(profile);
    },
  );

  it('there are no others', () => {
    const constants = Object.keys(profiles).filter((name) => name.startsWith('KERNEL_'));
    expect(constants.sort()).toEqual(ALL.map(constantOf).sort());
  });

  it('answers by itself', () => {
    const vma = { vmFlags: vmFlags(0x800n), anonVma: null };
    expect(vmaNeedsCopy(vma, vma, profiles.KERNEL_6_19)).toBe(true);
    expect(vmaNeedsCopy(vma, vma, profiles.KERNEL_6_18)).toBe(false);
  });
});
