/** What every C program begins with. */
export const C_INCLUDES = `#define _GNU_SOURCE
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
#include <sys/uio.h>
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
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x10
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

#define PAGE 4096L
#define OUTSIDE -1L
static char *const p = (char *)0x200000000000;
`;

/** What the model did at each step. */
export const C_PRELUDE: string = `${C_INCLUDES}
/* A VMA of the model's pages: first page, page after the last, permissions, offset in pages, VmFlags. */
struct vma {
  long start, end;
  char perms[8];
  long offset;
  char flags[128];
};

/* What the model did at a step. A map ends with a VMA that has no pages. */
struct step {
  int error;            /* what errno is; 0: the call succeeds */
  long at;              /* first page of what was mapped; OUTSIDE: anywhere else */
  long done;            /* of a vector of advice: pages that it came to */
  const char *signals;  /* of a touch: a letter a page: . none, M SEGV_MAPERR, P SEGV_ACCERR, B SIGBUS */
  const int *bytes;     /* of a read: the first byte of each page; -1: none */
  const struct vma *map, *child;
};
`;

/** Calls, touches and forks, each of which is compared with the model; they stand behind the model's steps. */
export const C_CHECK = `
/* What all processes of the program have in common. */
struct shared {
  volatile int looked, differ, finished, living;
  pid_t children[64];
};
static struct shared *shared;
static int now, left_out_at = -1, story[2], uffds[4];

/* Reads the VMAs of a process; the first end says how many there are. */
static struct vma *read_map(const char *file, int *count) {
  FILE *smaps = fopen(file, "r");
  char line[512];
  int room = 16, inside = 0;
  struct vma *vmas = malloc(room * sizeof *vmas);
  if (!smaps || !vmas) perror(file), exit(2);
  for (*count = 0; fgets(line, sizeof line, smaps);) {
    unsigned long start, end, offset;
    char perms[8];
    if (sscanf(line, "%lx-%lx %7s %lx", &start, &end, perms, &offset) == 4) {
      if (start >= (unsigned long)p + PAGES * PAGE) break;
      inside = start >= (unsigned long)p;
      if (!inside) continue;
      if (*count == room && !(vmas = realloc(vmas, (room *= 2) * sizeof *vmas))) exit(2);
      struct vma *vma = &vmas[(*count)++];
      vma->start = (long)(start - (unsigned long)p) / PAGE;
      vma->end = (long)(end - (unsigned long)p) / PAGE;
      vma->offset = (long)offset / PAGE;
      strcpy(vma->perms, perms);
      vma->flags[0] = 0;
    } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
      snprintf(vmas[*count - 1].flags, sizeof vmas->flags, "%.*s", (int)strcspn(line + 9, "\\n"), line + 9);
    }
  }
  fclose(smaps);
  return vmas;
}

/* Was this kernel built with CONFIG_MEM_SOFT_DIRTY? Then a new mapping is soft-dirty. */
static int without_soft_dirty;
static int has_soft_dirty(void) {
  int count;
  if (mmap(p, PAGE, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0) != p) exit(2);
  struct vma *vmas = read_map("/proc/self/smaps", &count);
  int has = count == 1 && strstr(vmas[0].flags, "sd") != NULL;
  munmap(p, PAGE);
  free(vmas);
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

static void print_vma(const char *who, const struct vma *vma) {
  if (!vma->end) printf("%s no more VMA\\n", who);
  else printf("%s pages %ld to %ld %s %ld %s\\n", who, vma->start, vma->end - 1, vma->perms, vma->offset, vma->flags);
}

/* Shows a map, and compares it with the model's where this step can be compared. */
static int same_map(const char *file, const struct vma *model, int compared) {
  static const struct vma none;
  int count, same = 1;
  struct vma *real = read_map(file, &count);
  for (int i = 0; i < count; i++) print_vma("   ", &real[i]);
  for (int i = 0; compared && (i < count || model->end); i++) {
    const struct vma *vma = i < count ? &real[i] : &none;
    if (vma->start != model->start || vma->end != model->end || strcmp(vma->perms, model->perms) != 0 ||
        vma->offset != model->offset || !same_flags(vma->flags, model->flags)) {
      print_vma("differs: the kernel has", vma);
      print_vma("         the model has ", model);
      same = 0;
    }
    if (model->end) model++;
  }
  free(real);
  return same;
}

/* The end of a step: both maps are compared, and what differs is told. */
static void step_done(const char *call, int same, pid_t child) {
  const struct step *model = &steps[now];
  int compared = left_out_at < 0;
  same &= same_map("/proc/self/smaps", model->map, compared);
  if (child > 0 && model->child) {
    char file[64];
    snprintf(file, sizeof file, "/proc/%d/smaps", (int)child);
    printf("  in the child:\\n");
    same &= same_map(file, model->child, compared);
  }
  if (!same && compared) printf("step %d differs: %s\\n", now + 1, call), shared->differ++;
  fflush(stdout);
  now++;
}

/* Compares what a call answered: an error, or the page where a mapping landed. */
static int same_answer(const char *call, int error, long at) {
  const struct step *model = &steps[now];
  if (error) printf("%s = -1 %s\\n", call, strerror(error));
  else printf("%s = ok\\n", call);
  if (left_out_at >= 0 || (error == model->error && (error || at == model->at))) return 1;
  if (error != model->error)
    printf("differs: the model's answer is %s\\n", model->error ? strerror(model->error) : "ok");
  else printf("differs: the kernel maps at page %ld, the model at %ld (%ld: elsewhere)\\n", at, model->at, OUTSIDE);
  return 0;
}

/* A call that answers 0, or -1 and an errno. */
__attribute__((unused)) static void show(const char *call, long result) {
  step_done(call, same_answer(call, result == -1 ? errno : 0, steps[now].at), 0);
}

/* A call that answers how many bytes it came to. */
__attribute__((unused)) static void show_done(const char *call, long bytes) {
  int same = same_answer(call, bytes == -1 ? errno : 0, steps[now].at);
  if (same && bytes != -1 && left_out_at < 0 && bytes / PAGE != steps[now].done) {
    printf("differs: the kernel comes to %ld pages, the model to %ld\\n", bytes / PAGE, steps[now].done);
    same = 0;
  }
  step_done(call, same, 0);
}

/* A call that answers where it mapped its pages; what is elsewhere is unmapped at once. */
__attribute__((unused)) static void show_mapped(const char *call, void *result, long pages) {
  int error = result == MAP_FAILED ? errno : 0;
  long at = ((char *)result - p) / PAGE;
  if (!error && ((char *)result < p || at >= PAGES)) at = OUTSIDE, munmap(result, pages * PAGE);
  step_done(call, same_answer(call, error, at), 0);
}

static sigjmp_buf out;
static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  siglongjmp(out, number == SIGBUS ? 'B' : info->si_code == SEGV_MAPERR ? 'M' : info->si_code == SEGV_ACCERR ? 'P' : '?');
}

/* Reads or writes the first byte of pages; a signal is told of, and the later pages are still touched. */
__attribute__((unused)) static void touch(const char *call, long first, long pages, long stride, int value) {
  const struct step *model = &steps[now];
  volatile int same = 1;
  for (volatile long i = 0; i < pages; i++) {
    volatile char *byte = p + (first + i * stride) * PAGE;
    volatile int read = -1;
    int letter = sigsetjmp(out, 1);
    if (letter == 0 && value) *byte = (char)value;
    else if (letter == 0) read = (unsigned char)*byte;
    else printf("page %ld: %s\\n", first + i * stride,
                letter == 'B' ? "SIGBUS" : letter == 'M' ? "SIGSEGV (SEGV_MAPERR)" : "SIGSEGV (SEGV_ACCERR)");
    int wanted = model->signals ? model->signals[i] : '.', byte_wanted = model->bytes ? model->bytes[i] : -1;
    if (left_out_at >= 0 || ((letter ? letter : '.') == wanted && (value || letter || read == byte_wanted))) continue;
    if ((letter ? letter : '.') != wanted)
      printf("differs: page %ld: the model has signal %c (. none, M SEGV_MAPERR, P SEGV_ACCERR, B SIGBUS)\\n",
             first + i * stride, wanted);
    else printf("differs: page %ld: the kernel reads %d, the model %d\\n", first + i * stride, read, byte_wanted);
    same = 0;
  }
  printf("%s: done\\n", call);
  step_done(call, same, 0);
}
`;

/** The files that a program maps; OPEN_FILES declares them by the names that its calls give them. */
export const C_FILES = `
static int shared_file(const char *name) {
  int fd = memfd_create(name, MFD_ALLOW_SEALING);
  if (fd < 0 || ftruncate(fd, 256 * PAGE) != 0) exit(2);
  for (int page = 0; page < 256; page++) {
    char byte = (name[0] == 'm' ? 192 : name[4] == '0' ? 64 : 128) + page % 64;
    if (pwrite(fd, &byte, 1, page * PAGE) != 1) exit(2);
  }
  return fd;
}

/* The same file, opened once more. */
static int opened_again(int fd, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return open(path, flags);
}

#define OPEN_FILES \\
  int file0 = shared_file("file0"), file1 = shared_file("file1"), memfd0 = shared_file("memfd0"); \\
  int file0b = opened_again(file0, O_RDWR), file0r = opened_again(file0, O_RDONLY); \\
  (void)file1, (void)file0b, (void)file0r, (void)memfd0, (void)uffds
`;
