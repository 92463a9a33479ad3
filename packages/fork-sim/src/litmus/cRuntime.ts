/** The processes of a litmus file in C: each makes all the steps, and performs those that are its own. */
export const C_PROCESSES = `
#define MOST_PROCESSES 64
#define MOST_LINES 4096

/* What all processes of the program have in common. */
struct shared {
  volatile int turn, held, failed, unseen, finished;
  volatile char may_go[MOST_PROCESSES], broken[MOST_LINES];
  volatile pid_t pids[MOST_PROCESSES];
};
static struct shared *shared;
static int me, turn = -1, story[2], uffds[4], without_soft_dirty;
static long own_tables, child_tables;
static uint64_t zero_frame;

/* Goes on to the next step: is it this process's? If not, waits until it was made. */
static int my_turn(int who) {
  turn++;
  if (me == who) return 1;
  for (alarm(20); shared->turn <= turn; usleep(20)) continue;
  alarm(0);
  return 0;
}

__attribute__((unused)) static void end_step(void) {
  fflush(stdout);
  shared->turn = turn + 1;
}

/* Forks. 1 in the child, when its parent has looked at both; 0 in the parent. */
__attribute__((unused)) static int fork_as(int number, int stays, int parent_exits) {
  fflush(stdout);
  pid_t parent = getpid(), pid = fork();
  if (pid < 0) perror("fork"), exit(2);
  shared->pids[number] = pid > 0 ? pid : getpid();
  if (pid > 0) return 0;
  me = number;
  memset(uffds, 0, sizeof uffds); /* userfaultfds stay their parent's */
  for (alarm(20); !shared->may_go[number]; usleep(20)) continue;
  alarm(0);
  if (!stays) _exit(0);
  if (parent_exits) {
    while (getppid() == parent) usleep(20);
    shared->turn = turn + 1;
  }
  return 1;
}

/* The parent has looked at both. */
__attribute__((unused)) static void end_fork(int number, int stays, int parent_exits) {
  fflush(stdout);
  shared->may_go[number] = 1;
  if (parent_exits) _exit(0);
  if (!stays) waitpid(shared->pids[number], NULL, 0);
  shared->turn = turn + 1;
}
`;

/** Calls and touches: what came of the last one is kept, and claims look at it. */
export const C_CALLS = `
/* What came of the last call. */
static int got_error, got_signal;
static long got_at, got_pages, got_done;
static char got_signals[1024];
static int got_bytes[1024];

static const char *error_name(int error) {
  static const struct { int error; const char *name; } names[] = {
    { EPERM, "EPERM" }, { ENOENT, "ENOENT" }, { EAGAIN, "EAGAIN" }, { ENOMEM, "ENOMEM" }, { EACCES, "EACCES" },
    { EFAULT, "EFAULT" }, { EBUSY, "EBUSY" }, { EEXIST, "EEXIST" }, { ENODEV, "ENODEV" }, { EINVAL, "EINVAL" },
    { EBADF, "EBADF" }, { EINTR, "EINTR" }, { ENOSYS, "ENOSYS" }, { EOVERFLOW, "EOVERFLOW" }, { ETXTBSY, "ETXTBSY" },
  };
  static char number[16];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) if (names[i].error == error) return names[i].name;
  snprintf(number, sizeof number, "E%d", error);
  return number;
}

__attribute__((unused)) static void show(const char *call, long result) {
  (void)call;
  got_error = result == -1 ? errno : 0;
  got_signal = 0;
  got_at = OUTSIDE;
  got_pages = 0;
  got_done = 0;
}

/* Of a call that answers how many bytes it came to. */
__attribute__((unused)) static void show_done(const char *call, long bytes) {
  show(call, bytes == -1 ? -1 : 0);
  got_done = bytes == -1 ? 0 : bytes / PAGE;
}

/* Of a call that maps: what is elsewhere is unmapped at once. */
__attribute__((unused)) static void show_mapped(const char *call, void *result, long pages) {
  show(call, result == MAP_FAILED ? -1 : 0);
  if (result == MAP_FAILED) return;
  got_at = ((char *)result - p) / PAGE;
  if ((char *)result < p || got_at >= PAGES) got_at = OUTSIDE, munmap(result, pages * PAGE);
}

static sigjmp_buf out;
static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  siglongjmp(out, number == SIGBUS ? 'B' : info->si_code == SEGV_MAPERR ? 'M' : info->si_code == SEGV_ACCERR ? 'P' : '?');
}

/* Reads or writes the first byte of pages; a signal is noted, and the later pages are still touched. */
__attribute__((unused)) static void touch(const char *call, long first, long pages, long stride, int value) {
  show(call, 0);
  got_pages = pages < 1024 ? pages : 1024;
  for (volatile long i = 0; i < pages; i++) {
    volatile char *byte = p + (first + i * stride) * PAGE;
    volatile int read = -1;
    int letter = sigsetjmp(out, 1);
    if (letter == 0 && value) *byte = (char)value;
    else if (letter == 0) read = (unsigned char)*byte;
    else if (!got_signal) got_signal = letter;
    if (i < 1024) got_signals[i] = letter ? (char)letter : '.', got_bytes[i] = read;
  }
}

/* A step that this program cannot do ends it. */
__attribute__((unused)) static void left_out(const char *call) {
  printf("%s: not written by this export; nothing is judged\\n", call);
  shared->finished = 2;
  exit(0);
}
`;

/** The state of a process from /proc: its VMAs and its pages. */
export const C_STATE = `
/* A VMA of the arena: first page, page after the last, permissions, offset in pages, VmFlags. */
struct vma {
  long start, end;
  char perms[8];
  long offset;
  char flags[128];
};
static struct vma *vmas;
static int count, room;

/* Reads the VMAs of a process. */
static void read_vmas(int who) {
  char file[64], line[512];
  int inside = 0;
  snprintf(file, sizeof file, "/proc/%d/smaps", (int)shared->pids[who]);
  FILE *smaps = fopen(file, "r");
  if (!smaps) perror(file), exit(2);
  for (count = 0; fgets(line, sizeof line, smaps);) {
    unsigned long start, end, offset;
    char perms[8];
    if (sscanf(line, "%lx-%lx %7s %lx", &start, &end, perms, &offset) == 4) {
      if (start >= (unsigned long)p + PAGES * PAGE) break;
      inside = start >= (unsigned long)p;
      if (!inside) continue;
      if (count == room && !(vmas = realloc(vmas, (room += 64) * sizeof *vmas))) exit(2);
      struct vma *vma = &vmas[count++];
      vma->start = (long)(start - (unsigned long)p) / PAGE;
      vma->end = (long)(end - (unsigned long)p) / PAGE;
      vma->offset = (long)offset / PAGE;
      strcpy(vma->perms, perms);
      vma->flags[0] = 0;
    } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
      snprintf(vmas[count - 1].flags, sizeof vmas->flags, "%.*s", (int)strcspn(line + 9, "\\n"), line + 9);
    }
  }
  fclose(smaps);
}

static const struct vma *vma_at(long page) {
  for (int i = 0; i < count; i++) if (page >= vmas[i].start && page < vmas[i].end) return &vmas[i];
  return NULL;
}

/* An entry of pagemap: bit 63 present, 62 swap, 61 file, 58 guard, 57 write-protected, 56 mapped once, 55 soft-dirty. */
static uint64_t entry_of(int who, const char *addr) {
  char file[64];
  uint64_t entry = 0;
  snprintf(file, sizeof file, "/proc/%d/pagemap", (int)shared->pids[who]);
  int fd = open(file, O_RDONLY);
  if (fd < 0 || pread(fd, &entry, 8, (off_t)((unsigned long)addr / PAGE * 8)) != 8) perror(file), exit(2);
  close(fd);
  return entry;
}

static char letter_of(int who, long page) {
  uint64_t entry = entry_of(who, p + page * PAGE);
  if (entry >> 63) {
    if (zero_frame && (entry & ((1UL << 55) - 1)) == zero_frame) return 'z';
    char letter = entry >> 61 & 1 ? 'f' : 'a';
    return entry >> 56 & 1 ? (char)(letter - 'a' + 'A') : letter;
  }
  if (entry >> 58 & 1) return 'G';
  if (entry >> 62 & 1) return entry >> 57 & 1 ? 'W' : 'S';
  return vma_at(page) ? '.' : '-';
}

/* Page-table memory of a process, in kB. */
static long tables_of(pid_t pid) {
  char file[64], line[256];
  long kb = -1;
  snprintf(file, sizeof file, "/proc/%d/status", (int)pid);
  FILE *status = fopen(file, "r");
  while (status && fgets(line, sizeof line, status)) if (sscanf(line, "VmPTE: %ld kB", &kb) == 1) break;
  if (status) fclose(status);
  return kb;
}
`;
