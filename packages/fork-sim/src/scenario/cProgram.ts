/** Functions that only some programs need, by the words by which a statement calls them. */
export const C_HELPERS: readonly { readonly words: readonly string[]; readonly text: string }[] = [
  {
    words: ['left_out'],
    text: `
/* A step that this program cannot do. From here on nothing can be compared. */
static void left_out(const char *call) {
  printf("%s: not written by this export\\n", call);
  if (left_out_at < 0) left_out_at = now;
  now++;
}
`,
  },
  {
    words: ['short_child', 'keep_child', 'go_on_in_child'],
    text: `
/* Forks. The child waits until its parent has looked at both maps. */
static pid_t forked(void) {
  fflush(stdout);
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    for (; shared->looked <= now; usleep(100))
      if (getppid() != parent && shared->looked <= now) _exit(2);
    now++;
    return 0;
  }
  int same = same_answer("fork()", pid < 0 ? errno : 0, steps[now].at);
  step_done("fork()", same, pid);
  shared->looked = now;
  return pid;
}
`,
  },
  {
    words: ['short_child'],
    text: `
/* A child that ends at once. */
static void short_child(void) {
  pid_t pid = forked();
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
}
`,
  },
  {
    words: ['keep_child'],
    text: `
/* A child that stays until the end. */
static void keep_child(void) {
  pid_t pid = forked();
  if (pid == 0) for (close(story[1]);;) pause();
  if (pid > 0 && shared->living < 64) shared->children[shared->living++] = pid;
}
`,
  },
  {
    words: ['go_on_in_child'],
    text: `
/* A child in which the calls go on; its parent stays as it is to the end, or ends first. */
static void go_on_in_child(int parent_exits) {
  pid_t parent = getpid(), pid = forked();
  if (pid < 0) exit(2);
  if (pid > 0 && !parent_exits) waitpid(pid, NULL, 0);
  if (pid > 0) _exit(0);
  while (parent_exits && getppid() == parent) usleep(100);
  memset(uffds, 0, sizeof uffds); /* userfaultfds stay their parent's */
}
`,
  },
  {
    words: ['clear_refs'],
    text: `
static long clear_refs(const char *value) {
  int fd = open("/proc/self/clear_refs", O_WRONLY);
  long written = fd < 0 ? -1 : write(fd, value, strlen(value));
  if (fd >= 0) close(fd);
  return written;
}
`,
  },
  {
    words: ['advise_vector'],
    text: `
/* process_madvise for a process; the bytes that it came to. */
static long advise_vector(pid_t pid, const struct iovec *ranges, int count, int advice) {
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  long done = pidfd < 0 ? -1 : syscall(SYS_process_madvise, pidfd, ranges, (size_t)count, advice, 0);
  int error = errno;
  if (pidfd >= 0) close(pidfd);
  errno = error;
  return done;
}
`,
  },
  {
    words: ['attach'],
    text: `
static void *attach(long page, long pages) {
  int id = shmget(IPC_PRIVATE, pages * PAGE, 0600);
  void *at = shmat(id, p + page * PAGE, SHM_REMAP);
  int error = errno;
  shmctl(id, IPC_RMID, NULL);
  errno = error;
  return at;
}
`,
  },
  {
    words: ['fill_maps'],
    text: `
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
  },
  {
    words: ['uffd_register', 'uffd_unregister', 'uffd_wp', 'uffd_copy', 'uffd_zero'],
    text: `
/* Opens a userfaultfd, at its first use and with the features of that. */
static int uffd_of(int number, unsigned long features) {
  struct uffdio_api api = { .api = UFFD_API, .features = features };
  if (uffds[number]) return uffds[number];
  uffds[number] = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1 /* UFFD_USER_MODE_ONLY */);
  if (uffds[number] < 0 || ioctl(uffds[number], UFFDIO_API, &api) != 0) perror("userfaultfd"), exit(2);
  return uffds[number];
}
`,
  },
  {
    words: ['uffd_register'],
    text: `
static long uffd_register(int number, unsigned long features, long page, long pages, int mode) {
  struct uffdio_register all = { .range = { (unsigned long)(p + page * PAGE), pages * PAGE }, .mode = mode };
  return ioctl(uffd_of(number, features), UFFDIO_REGISTER, &all);
}
`,
  },
  {
    words: ['uffd_unregister'],
    text: `
static long uffd_unregister(int number, unsigned long features, long page, long pages) {
  struct uffdio_range range = { (unsigned long)(p + page * PAGE), pages * PAGE };
  return ioctl(uffd_of(number, features), UFFDIO_UNREGISTER, &range);
}
`,
  },
  {
    words: ['uffd_wp'],
    text: `
static long uffd_wp(int number, unsigned long features, long page, long pages, int on) {
  struct uffdio_writeprotect all = { { (unsigned long)(p + page * PAGE), pages * PAGE }, on };
  return ioctl(uffd_of(number, features), UFFDIO_WRITEPROTECT, &all);
}
`,
  },
  {
    words: ['uffd_copy'],
    text: `
/* The first byte of each page is the value. */
static long uffd_copy(int number, unsigned long features, long page, long pages, int wp, int value) {
  char *bytes = calloc(pages, PAGE);
  for (long i = 0; i < pages; i++) bytes[i * PAGE] = (char)value;
  struct uffdio_copy all = { .dst = (unsigned long)(p + page * PAGE), .src = (unsigned long)bytes, .len = pages * PAGE,
                             .mode = wp ? UFFDIO_COPY_MODE_WP : 0 };
  long result = ioctl(uffd_of(number, features), UFFDIO_COPY, &all);
  int error = errno;
  free(bytes);
  errno = error;
  return result;
}
`,
  },
  {
    words: ['uffd_zero'],
    text: `
static long uffd_zero(int number, unsigned long features, long page, long pages) {
  struct uffdio_zeropage all = { .range = { (unsigned long)(p + page * PAGE), pages * PAGE } };
  return ioctl(uffd_of(number, features), UFFDIO_ZEROPAGE, &all);
}
`,
  },
  {
    words: ['uffd_close'],
    text: `
static long uffd_close(int number) {
  if (uffds[number]) close(uffds[number]);
  return uffds[number] = 0;
}
`,
  },
];

/** The program's end: the calls are made in a process of their own, and what they found is told. */
export const C_MAIN = `
int main(void) {
  shared = mmap(NULL, sizeof *shared, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || pipe(story) != 0) return 2;
  pid_t pid = fork();
  if (pid == 0) close(story[0]), make_calls();
  close(story[1]);
  /* The pipe ends when the last process that makes calls does. */
  char byte;
  while (pid > 0 && read(story[0], &byte, 1) < 0 && errno == EINTR) continue;
  for (int i = 0; i < shared->living; i++) kill(shared->children[i], SIGKILL);
  while (wait(NULL) > 0) continue;
  if (!shared->finished) printf("The calls could not all be made.\\n");
  return shared->differ ? 1 : shared->finished == 1 ? 0 : 2;
}
`;

/** The end of the calls: what all steps came to. */
export const C_FINISH = `
static void finish(void) {
  if (without_soft_dirty && MODEL_SOFT_DIRTY)
    printf("This kernel is built without soft-dirty, so the flag sd is left out.\\n");
  if (left_out_at >= 0) printf("From step %d on nothing is compared: this program cannot do that step.\\n", left_out_at + 1);
  else if (!shared->differ)
    printf("This kernel and the model (%s) agree at all %d steps: results, signals, bytes read and maps.\\n", MODEL, now);
  if (shared->differ) printf("This kernel and the model (%s) differ at %d of %d steps.\\n", MODEL, shared->differ, now);
  shared->finished = left_out_at >= 0 ? 2 : 1;
  exit(0);
}
`;
