import type { Prober } from './kernelProber.mjs';

/** A prober that runs in a virtual machine with the kernel of `image`. Throws `ProberError`. */
export declare function proberInVm(program: string, image: string): Exclude<Prober, string>;
