import { expect } from 'vitest';
import type { ReplayReport } from '../../src/json/index.ts';
import { newsOf } from '../../src/record/logLine.ts';
import { cli, file } from '../cli.ts';
import { rightCase } from './rightCase.ts';

/** The first process of a log, as `replay --json` has it. */
async function firstOf(name: string, log: string): Promise<ReplayReport['kernels'][number]['processes'][number]> {
  const { out } = await cli(['replay', file(name, log), '--kernel', '6.18.44', '--json']);
  return (JSON.parse(out) as ReplayReport).kernels[0]!.processes[0]!;
}

const MEMFD = `7 execve("./a", ["./a"], 0x7ffc /* 1 var */) = 0
7 memfd_create("ring", MFD_ALLOW_SEALING) = 3
7 mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_SHARED, 3</memfd:ring>(deleted), 0) = 0x7f0000010000
7 munmap(0x7f0000010000, 16384) = 0
7 fcntl(3</memfd:ring>(deleted), F_ADD_SEALS, F_SEAL_WRITE) = 0
7 mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_SHARED, 3</memfd:ring>(deleted), 0) = -1 EPERM (Operation not permitted)
7 mmap(NULL, 16384, PROT_READ, MAP_SHARED, 3</memfd:ring>(deleted), 0) = 0x7f0000010000
7 mprotect(0x7f0000010000, 4096, PROT_READ|PROT_WRITE) = -1 EACCES (Permission denied)
`;

rightCase(
  'a memfd that is sealed against writing',
  {
    right: 'EPERM, EACCES, and no MAYWRITE: 6.18.44 shows "rd sh mr me ms"',
    before: '"failed for a reason outside of the model", twice, and a VMA with mw',
  },
  async () => {
    const { results, outside, failedAlike, map } = await firstOf('sealed.strace', MEMFD);
    expect([results.wrong, outside.count, failedAlike]).toEqual([0, 0, 2]);
    expect(map.map(({ flags }) => flags)).toEqual(['rd sh mr me ms']);
  },
);

rightCase(
  'process_madvise by a pidfd that pidfd_open has made',
  {
    right: 'whose memory it is: the guards are installed (6.18.44)',
    before: '"the log does not show whose memory it is"',
  },
  async () => {
    const { notModelled, map } = await firstOf(
      'pidfd.strace',
      `7 execve("./a", ["./a"], 0x7ffc /* 1 var */) = 0
7 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000
7 pidfd_open(7, 0) = 3<anon_inode:[pidfd]>
7 process_madvise(3<anon_inode:[pidfd]>, [{iov_base=0x7f0000010000, iov_len=4096}], 1, 0x66 /* MADV_??? */, 0) = 4096
`,
    );
    expect(notModelled).toEqual([]);
    expect(map.map(({ flags }) => flags)).toEqual(['rd wr mr mw me gu ac']);
  },
);

rightCase(
  'the recorder, of a child in a container',
  { right: 'the pid under which its lines stand', before: 'that which it has in the container: no last map' },
  () => {
    const line = "9843 1.5 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 9844 in strace's PID NS */";
    expect(newsOf(line)).toEqual({ kind: 'child', pid: 9843, child: 9844, begun: true });
  },
);
