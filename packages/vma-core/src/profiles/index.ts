// Each profile as a constant, for a bundle that needs one and not the table of changes; and profiles of one's own.
export * from '../defineKernelProfile.ts';
export { KERNEL_5_10 } from './5.10.ts';
export { KERNEL_6_1 } from './6.1.ts';
export { KERNEL_6_12 } from './6.12.ts';
export { KERNEL_6_16 } from './6.16.ts';
export { KERNEL_6_18 } from './6.18.ts';
export { KERNEL_6_19 } from './6.19.ts';
export { KERNEL_7_3 } from './7.3.ts';
export { KERNEL_AS_POSTED } from './as-posted.ts';
export { KERNEL_GUARD_FLAG } from './guard-flag.ts';
