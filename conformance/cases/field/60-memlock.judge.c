/* What RLIMIT_MEMLOCK refuses. Run without CAP_IPC_LOCK: setpriv --reuid=65534 --regid=65534 --clear-groups ./memlock
   Prints each result, and VmLck. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>
#define P 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static void show(const char *what, long result) {
  const char *errno_name = result == -1 ? strerrorname_np(errno) : "ok";
  char line[200];
  long locked = -1;
  FILE *status = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, status)) sscanf(line, "VmLck: %ld", &locked);
  fclose(status);
  dprintf(1, "%-40s %-8s VmLck %ld kB\n", what, errno_name, locked);
}

static void limit(rlim_t bytes) {
  struct rlimit r;
  getrlimit(RLIMIT_MEMLOCK, &r);
  r.rlim_cur = bytes;
  setrlimit(RLIMIT_MEMLOCK, &r);
}

int main(void) {
  char *m = mmap(0, 64 * P, RW, ANON, -1, 0);
  char *n;
  limit(8 * P);
  show("mlock 8 pages", mlock(m, 8 * P));
  show("the same again", mlock(m, 8 * P));
  show("mlock 9", mlock(m, 9 * P));
  show("mlock 8, of which 4 are locked", mlock(m + 4 * P, 8 * P));
  show("munlock 4", munlock(m, 4 * P));
  show("mlock 6, of which 4 are locked", mlock(m + 2 * P, 6 * P));
  show("mmap MAP_LOCKED 4", (long)mmap(0, 4 * P, RW, ANON | MAP_LOCKED, -1, 0));
  show("munlock", munlock(m, 64 * P));
  char *l = mmap(0, 4 * P, RW, ANON | MAP_LOCKED, -1, 0);
  show("mmap MAP_LOCKED 4", (long)l);
  show("mremap 4 to 16", (long)mremap(l, 4 * P, 16 * P, MREMAP_MAYMOVE));
  l = mremap(l, 4 * P, 8 * P, MREMAP_MAYMOVE);
  show("mremap 4 to 8", (long)l);
  show("mremap 8 to 9, to a fixed address", (long)mremap(l, 8 * P, 9 * P, MREMAP_MAYMOVE | MREMAP_FIXED, m));
  show("where something is mapped still", madvise(m, P, MADV_NORMAL));
  show("mlockall MCL_CURRENT", mlockall(MCL_CURRENT));
  show("mlockall MCL_FUTURE", mlockall(MCL_FUTURE));
  show("mmap 9 under MCL_FUTURE", (long)mmap(0, 9 * P, RW, ANON, -1, 0));
  show("of PROT_NONE", (long)mmap(0, 9 * P, PROT_NONE, ANON, -1, 0));
  n = mmap(m + 20 * P, 9 * P, RW, ANON | MAP_FIXED, -1, 0);
  show("MAP_FIXED", (long)n);
  n = mmap(m + 20 * P, 9 * P, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
  show("MAP_FIXED_NOREPLACE where something is", (long)n);
  long now = syscall(SYS_brk, 0);
  errno = EAGAIN;
  show("brk", syscall(SYS_brk, now + P) == now ? -1 : 0);
  int id = shmget(IPC_PRIVATE, 16 * P, 0600 | IPC_CREAT);
  show("shmat", (long)shmat(id, 0, 0));
  shmctl(id, IPC_RMID, 0);
  limit(0);
  show("mlock, the limit being 0", mlock(m + 30 * P, P));
  show("mlock of nothing", mlock(m + 30 * P, 0));
  show("mlock2 with an unknown flag", syscall(SYS_mlock2, m + 30 * P, P, 5));
  show("mlockall MCL_FUTURE", mlockall(MCL_FUTURE));
  show("mmap MAP_LOCKED", (long)mmap(0, P, RW, ANON | MAP_LOCKED, -1, 0));
  show("mmap MAP_LOCKED of no type", (long)mmap(0, P, RW, MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
  show("mmap under MCL_FUTURE", (long)mmap(0, P, RW, ANON, -1, 0));
  show("munlock", munlock(m + 30 * P, P));
  show("munlockall", munlockall());
  return 0;
}
