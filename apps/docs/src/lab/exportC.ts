import type { Op, Scenario } from 'fork-sim';
import { callText } from './callText.ts';

/** A C program that makes the same calls on a real kernel, and prints its own maps after each. */
export function exportC(scenario: Scenario): string {
  const body = scenario.ops.map((op, index) => statement(op, index)).join('\n');
  return `// Makes the calls of a playground scenario on the running kernel. Build: cc -Wall -o scenario scenario.c
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

#define PAGE 4096L
#define PAGES 64
static char *const p = (char *)0x200000000000;

static void show(const char *call, long result) {
  if (result == -1) printf("%s = -1 %s\\n", call, strerror(errno));
  else printf("%s = ok\\n", call);
  FILE *smaps = fopen("/proc/self/smaps", "r");
  char line[512];
  int inside = 0;
  while (smaps && fgets(line, sizeof line, smaps)) {
    unsigned long start, end;
    char perms[8];
    if (sscanf(line, "%lx-%lx %7s", &start, &end, perms) == 3) {
      inside = start >= (unsigned long)p && start < (unsigned long)p + PAGES * PAGE;
      if (inside) printf("    pages %ld to %ld %s", (start - (unsigned long)p) / PAGE, (end - (unsigned long)p) / PAGE - 1, perms);
    } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
      printf(" %s", line + 8);
    }
  }
  if (smaps) fclose(smaps);
  fflush(stdout);
}

static int shared_file(const char *name) {
  int fd = memfd_create(name, 0);
  if (fd < 0 || ftruncate(fd, 256 * PAGE) != 0) exit(1);
  for (int page = 0; page < 256; page++) {
    char byte = 64 + page % 64;
    if (pwrite(fd, &byte, 1, page * PAGE) != 1) exit(1);
  }
  return fd;
}

int main(void) {
  int file0 = shared_file("file0"), file1 = shared_file("file1");
  volatile char sink = 0;
  (void)file0, (void)file1, (void)sink;
${body}
  return 0;
}
`;
}

function statement(op: Op, index: number): string {
  if (op.op === 'touch') {
    const access = op.access === 'write' ? `p[i*PAGE] = ${(index % 63) + 1};` : 'sink = p[i*PAGE];';
    const last = op.page + (op.pages ?? 1);
    return `  for (long i = ${op.page}; i < ${last}; i++) ${access}\n  show("${callText(op)}", 0);`;
  }
  if (op.op === 'fork') {
    return op.continueIn === 'child'
      ? '  if (fork() != 0) { wait(NULL); return 0; }\n  show("fork(), in the child", 0);'
      : '  fflush(stdout);\n  if (fork() == 0) { show("fork(), in the child", 0); _exit(0); }\n  wait(NULL);\n  show("fork()", 0);';
  }
  if (op.op === 'clear_refs') {
    return `  { int fd = open("/proc/self/clear_refs", O_WRONLY); if (fd >= 0) { show("${`clear_refs ${op.value}`}", write(fd, "${op.value}", 1)); close(fd); } }`;
  }
  const call = cCall(op);
  if (call === null) return `  // ${op.op}: not written by this export`;
  return `  show("${call.replaceAll('"', '\\"')}", (long)${call});`;
}

function cCall(op: Op): string | null {
  if (op.op === 'mmap' && op.backing !== 'sysv') {
    const text = callText(op);
    return text.replace(/, 3, /, ', file0, ').replace(/, 4, /, ', file1, ').replace(/, 5, /, ', file0, ');
  }
  if (['munmap', 'mprotect', 'madvise', 'mremap', 'mlock', 'munlock', 'mlock2'].includes(op.op)) return callText(op);
  if (op.op === 'mseal') return callText(op).replace('mseal(', 'syscall(462, ');
  return null;
}
