/*
 * Makes random memory calls with odd arguments, for strace to record: oddCalls SEED COUNT FOLDER.
 *
 * FOLDER gets initial.smaps and final.smaps, read between two calls of getppid(2) and the calls themselves. Nothing that is mapped here is
 * touched, so no page fault is missing from the log. The calls stay in an arena of 64 pages at 2^45, and around it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096UL
#define ARENA 0x200000000000UL
#define ARENA_PAGES 64
#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static uint64_t state;
static char buffer[1 << 16];
static int descriptors[8];
static int segment;

static uint64_t next(void) {
  state += 0x9e3779b97f4a7c15UL;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
  return z ^ (z >> 31);
}

static uint64_t below(uint64_t n) { return next() % n; }
static int once_in(uint64_t n) { return below(n) == 0; }
#define PICK(list) ((list)[below(COUNT_OF(list))])

static void snapshot(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int in = open("/proc/self/smaps", O_RDONLY);
  int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;)
    if (write(out, buffer, n) != n) _exit(3);
  close(in);
  close(out);
}

static uint64_t address(void) {
  static const uint64_t odd[] = {0, 1, 0x1000, 0x7fff, 0xfff0, 0x10000, 0x7ffffffff000, 0x800000000000, 0xffff800000000000,
                                 0xfffffffffffff000, 0xffffffffffffffff, ARENA - PAGE, 0x40000000};
  if (once_in(24)) return PICK(odd);
  return ARENA + below(ARENA_PAGES) * PAGE + (once_in(20) ? 1 + below(PAGE - 1) : 0);
}

static uint64_t length(void) {
  static const uint64_t odd[] = {0, 1, 4095, 4097, 0x7ffffffff000, 0x800000000000, 0xfffffffffffff000, 0xffffffffffffffff,
                                 0xffffe00000000000};
  if (once_in(30)) return PICK(odd);
  return (1 + below(once_in(8) ? 24 : 6)) * PAGE - (once_in(16) ? below(PAGE) : 0);
}

/* The same, for calls that go on behind holes: what lies above the arena is the program's own. */
static uint64_t walked_length(void) {
  uint64_t bytes = length();
  return bytes > 1UL << 40 && bytes < 0xfffffffffffff000 ? 0 : bytes;
}

/* The same, for calls that may fault in what they map. */
static uint64_t short_length(void) { return once_in(40) ? 0 : (1 + below(8)) * PAGE - (once_in(16) ? below(PAGE) : 0); }

static uint64_t protection(void) {
  static const uint64_t common[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC,
                                    PROT_WRITE, PROT_EXEC, PROT_READ | PROT_WRITE | PROT_EXEC};
  static const uint64_t odd[] = {8, 0x10, 0x1000000, 0x2000000, 0x3000000, 0x1000001, 0x2000001, 0x80000000, 0x100000000};
  return PICK(common) | (once_in(16) ? PICK(odd) : 0);
}

static void call_mmap(void) {
  static const uint64_t types[] = {MAP_PRIVATE, MAP_PRIVATE, MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED, MAP_SHARED,
                                   MAP_SHARED_VALIDATE, 8, 0, 4, 15};
  static const uint64_t extra[] = {MAP_NORESERVE, MAP_LOCKED, MAP_POPULATE, MAP_NONBLOCK | MAP_POPULATE, MAP_STACK, MAP_GROWSDOWN,
                                   MAP_SYNC, MAP_32BIT, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_HUGETLB, 0x80, 0x200, 0x4000000};
  static const uint64_t offsets[] = {0, 0, PAGE, 4 * PAGE, 8 * PAGE, 0x123, 0x1001, 0xfffffffffffff000, 0x8000000000000000,
                                     0x7ffffffffffff000};
  uint64_t flags = PICK(types);
  int fd = descriptors[below(COUNT_OF(descriptors))];
  if (!once_in(3)) flags |= MAP_ANONYMOUS;
  if (!once_in(5)) flags |= once_in(6) ? MAP_FIXED_NOREPLACE : MAP_FIXED;
  if (once_in(4)) flags |= PICK(extra);
  if (once_in(16)) flags |= PICK(extra);
  uint64_t bytes = short_length(), prot = protection();
  if (once_in(60)) {
    /* More than there is memory for, and accounted, so that it fails. */
    bytes = 1UL << 44;
    prot = PROT_READ | PROT_WRITE;
    flags = (once_in(2) ? MAP_PRIVATE : MAP_SHARED) | MAP_ANONYMOUS | MAP_FIXED;
  }
  syscall(SYS_mmap, address(), bytes, prot, flags, once_in(12) ? -1 : fd, PICK(offsets));
}

static void call_mremap(void) {
  uint64_t flags = once_in(12) ? below(16) : once_in(3) ? 0 : once_in(2) ? 1 : once_in(3) ? 5 : once_in(4) ? 7 : 3;
  uint64_t old = short_length(), size = once_in(2) ? old : once_in(30) ? length() : short_length();
  if (size > 1UL << 40 && size < 1UL << 47) size = 0;
  syscall(SYS_mremap, address(), once_in(20) ? 0 : old, size, flags, address());
}

static void call_madvise(void) {
  static const int advices[] = {0, 1, 2, 3, 4, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 102, 102, 103, 5, 26, 99, 104,
                                -1};
  syscall(SYS_madvise, address(), walked_length(), PICK(advices));
}

static void call_lock(void) {
  static const uint64_t flags[] = {0, 1, 1, 2, 0xffffffff};
  switch (below(4)) {
    case 0:
      syscall(SYS_mlock2, address(), length(), PICK(flags));
      break;
    case 1:
      syscall(SYS_mlock, address(), length());
      break;
    default:
      syscall(SYS_munlock, address(), length());
  }
}

static void call_rare(void) {
  static const int all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  switch (below(8)) {
    case 0:
      syscall(SYS_mlockall, PICK(all));
      break;
    case 1:
    case 2:
      syscall(SYS_munlockall);
      break;
    case 3:
      syscall(SYS_brk, (uint64_t)sbrk(0) + (below(16) - 4) * PAGE + (once_in(3) ? below(PAGE) : 0));
      break;
    case 4:
      syscall(SYS_shmat, segment, address(), once_in(2) ? 0 : SHM_RND | (once_in(2) ? SHM_REMAP : 0) | (once_in(2) ? SHM_RDONLY : 0));
      break;
    case 5:
      syscall(SYS_shmdt, address());
      break;
    case 6:
      if (once_in(4)) syscall(462, address(), short_length(), once_in(8));
      break;
    default:
      syscall(SYS_remap_file_pages, address(), short_length(), once_in(3) ? 1 : 0, below(8), once_in(4) ? MAP_NONBLOCK : 0);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  state = strtoull(argv[1], NULL, 0);
  int count = atoi(argv[2]);
  const char *folder = argv[3];
  char path[4096];
  snprintf(path, sizeof path, "%s/file", folder);
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ftruncate(file, 64 * PAGE) != 0) return 3;
  descriptors[0] = file;
  descriptors[1] = open(path, O_RDONLY);
  descriptors[2] = open(path, O_WRONLY);
  descriptors[3] = open(path, O_RDWR);
  descriptors[4] = memfd_create("odd", 0);
  if (ftruncate(descriptors[4], 64 * PAGE) != 0) return 3;
  descriptors[5] = open("/dev/zero", O_RDWR);
  descriptors[6] = open(folder, O_RDONLY);
  descriptors[7] = 77;
  segment = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600);
  sbrk(16 * PAGE);
  syscall(SYS_mmap, ARENA, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  snapshot(folder, "initial.smaps");
  syscall(SYS_getppid);
  for (int i = 0; i < count; i++) {
    uint64_t kind = below(100);
    if (kind < 34) call_mmap();
    else if (kind < 44) syscall(SYS_munmap, address(), length());
    else if (kind < 58) syscall(SYS_mprotect, address(), length(), protection());
    else if (kind < 74) call_madvise();
    else if (kind < 86) call_mremap();
    else if (kind < 94) call_lock();
    else call_rare();
  }
  syscall(SYS_getppid);
  snapshot(folder, "final.smaps");
  shmctl(segment, IPC_RMID, NULL);
  return 0;
}
