/** What every exported C program begins with: files, touches that survive a signal, and looking at its own smaps. */
export const C_PRELUDE = `#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 8
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

#define PAGE 4096L
#define PAGES 64
static char *const p = (char *)0x200000000000;

/* A VMA of the playground's pages: first page, page after the last, permissions, VmFlags. */
struct vma {
  long start, end;
  char perms[8], flags[128];
};

/* Reads those of this process. */
static int read_map(struct vma *vmas) {
  FILE *smaps = fopen("/proc/self/smaps", "r");
  char line[512];
  int count = 0, inside = 0;
  while (smaps && fgets(line, sizeof line, smaps)) {
    unsigned long start, end;
    char perms[8];
    if (sscanf(line, "%lx-%lx %7s", &start, &end, perms) == 3) {
      inside = start >= (unsigned long)p && start < (unsigned long)p + PAGES * PAGE;
      if (!inside) continue;
      struct vma *vma = &vmas[count++];
      vma->start = (long)(start - (unsigned long)p) / PAGE;
      vma->end = (long)(end - (unsigned long)p) / PAGE;
      strcpy(vma->perms, perms);
      vma->flags[0] = 0;
    } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
      snprintf(vmas[count - 1].flags, sizeof vmas->flags, "%.*s", (int)strcspn(line + 9, "\\n"), line + 9);
    }
  }
  if (smaps) fclose(smaps);
  return count;
}

/* Says what a call answered, and the map after it. */
static void show(const char *call, long result) {
  if (result == -1) printf("%s = -1 %s\\n", call, strerror(errno));
  else printf("%s = ok\\n", call);
  struct vma vmas[PAGES];
  int count = read_map(vmas);
  for (int i = 0; i < count; i++)
    printf("    pages %ld to %ld %s %s\\n", vmas[i].start, vmas[i].end - 1, vmas[i].perms, vmas[i].flags);
  fflush(stdout);
}

static sigjmp_buf out;
static void on_signal(int number) { siglongjmp(out, number); }

/* Reads or writes page after page; a signal is told of, and the later pages are still touched. */
static void touch(const char *text, long first, long pages, int value) {
  volatile char sink = 0;
  for (volatile long page = first; page < first + pages; page++) {
    int number = sigsetjmp(out, 1);
    if (number != 0) printf("page %ld: %s\\n", page, strsignal(number));
    else if (value) p[page * PAGE] = (char)value;
    else sink = p[page * PAGE];
  }
  (void)sink;
  show(text, 0);
}

static int shared_file(const char *name) {
  int fd = memfd_create(name, 0);
  if (fd < 0 || ftruncate(fd, 256 * PAGE) != 0) exit(2);
  for (int page = 0; page < 256; page++) {
    char byte = 64 + page % 64;
    if (pwrite(fd, &byte, 1, page * PAGE) != 1) exit(2);
  }
  return fd;
}

/* The same file, opened once more. */
static int opened_again(int fd) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return open(path, O_RDWR);
}

static pid_t children[64];
static int living;

/* A child that stays until the end. */
static void keep_child(void) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) for (;;) pause();
  children[living++] = pid;
  show("fork()", pid < 0 ? -1 : 0);
}

/* A child that exits at once. */
static void short_child(void) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) { show("fork(), in the child", 0); _exit(0); }
  waitpid(pid, NULL, 0);
  show("fork()", pid < 0 ? -1 : 0);
}
`;

/** Functions that only some programs need, by the word by which a statement calls them. */
export const C_HELPERS: Readonly<Record<string, string>> = {
  clear_refs: `
static long clear_refs(const char *value) {
  int fd = open("/proc/self/clear_refs", O_WRONLY);
  long written = fd < 0 ? -1 : write(fd, value, strlen(value));
  if (fd >= 0) close(fd);
  return written;
}
`,
  attach: `
static long attach(long page, long pages, int flags) {
  int id = shmget(IPC_PRIVATE, pages * PAGE, 0600);
  long at = (long)shmat(id, p + page * PAGE, SHM_REMAP | flags);
  shmctl(id, IPC_RMID, NULL);
  return at;
}
`,
  fill_maps: `
/* Maps single pages far away, until the process has max_map_count - slack VMAs. */
static void fill_maps(long slack) {
  FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
  long most = 0, count = 0;
  char line[512];
  if (!file || fscanf(file, "%ld", &most) != 1) exit(2);
  fclose(file);
  file = fopen("/proc/self/maps", "r");
  while (file && fgets(line, sizeof line, file)) count += strstr(line, "[vsyscall]") == NULL;
  if (file) fclose(file);
  char *far = p + (1L << 44);
  for (; count < most - slack; count++, far += 2 * PAGE) {
    if (mmap(far, PAGE, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0) == MAP_FAILED) exit(2);
  }
}
`,
  uffd: `
static int uffd = -1;
static long uffd_open(void) {
  struct uffdio_api api = { .api = UFFD_API };
  if (uffd < 0) uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1 /* UFFD_USER_MODE_ONLY */);
  return uffd < 0 ? -1 : ioctl(uffd, UFFDIO_API, &api);
}
static long uffd_register(long page, long pages, int mode) {
  struct uffdio_register all = { .range = { (unsigned long)(p + page * PAGE), pages * PAGE }, .mode = mode };
  if (uffd < 0 && uffd_open() < 0) return -1;
  return ioctl(uffd, UFFDIO_REGISTER, &all);
}
__attribute__((unused)) static long uffd_unregister(long page, long pages) {
  struct uffdio_range range = { (unsigned long)(p + page * PAGE), pages * PAGE };
  return ioctl(uffd, UFFDIO_UNREGISTER, &range);
}
__attribute__((unused)) static long uffd_wp(long page, long pages, int on) {
  struct uffdio_writeprotect all = { { (unsigned long)(p + page * PAGE), pages * PAGE }, on };
  return ioctl(uffd, UFFDIO_WRITEPROTECT, &all);
}
`,
};

/** Compares the map at the end with the model's, which stands before it as `expected`. */
export const C_CHECK = `
static int without_soft_dirty;

/* Was this kernel built with CONFIG_MEM_SOFT_DIRTY? Then a new mapping is soft-dirty. */
static int has_soft_dirty(void) {
  struct vma vmas[PAGES];
  if (mmap(p, PAGE, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0) != p) exit(2);
  int count = read_map(vmas), has = count == 1 && strstr(vmas[0].flags, "sd") != NULL;
  munmap(p, PAGE);
  return has;
}

/* Are the words of two VmFlags the same? */
static int same_flags(const char *real, const char *model) {
  char a[128] = "", b[128] = "", copy[128];
  const char *texts[] = { real, model };
  char *kept[] = { a, b };
  for (int i = 0; i < 2; i++) {
    snprintf(copy, sizeof copy, "%s", texts[i]);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
      if (without_soft_dirty && strcmp(word, "sd") == 0) continue;
      strcat(kept[i], word);
      strcat(kept[i], " ");
    }
  }
  return strcmp(a, b) == 0;
}

static int check(void) {
  struct vma vmas[PAGES];
  int count = read_map(vmas), wanted = sizeof expected / sizeof *expected - 1, differ = count != wanted;
  for (int i = 0; i < living; i++) kill(children[i], SIGKILL), waitpid(children[i], NULL, 0);
  for (int i = 0; i < count && i < wanted; i++) {
    const struct vma *real = &vmas[i], *model = &expected[i];
    if (real->start == model->start && real->end == model->end && strcmp(real->perms, model->perms) == 0 &&
        same_flags(real->flags, model->flags)) continue;
    printf("differs: the kernel has pages %ld to %ld %s %s\\n", real->start, real->end - 1, real->perms, real->flags);
    printf("       the model has pages %ld to %ld %s %s\\n", model->start, model->end - 1, model->perms, model->flags);
    differ = 1;
  }
  if (without_soft_dirty && MODEL_SOFT_DIRTY)
    printf("This kernel is built without soft-dirty, so the flag sd is left out.\\n");
  if (differ) printf("This kernel and the model (%s) differ: %d VMAs here, %d there.\\n", MODEL, count, wanted);
  else printf("This kernel and the model (%s) agree: %d VMAs.\\n", MODEL, count);
  return differ;
}
`;
