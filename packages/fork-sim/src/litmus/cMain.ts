/** The beginning and the end of a litmus file in C. */
export const C_LITMUS_MAIN = `
/* Executable-only memory must not get a protection key, which the model does not have. */
static void take_protection_keys(void) {
#ifdef SYS_pkey_alloc
  while (syscall(SYS_pkey_alloc, 0UL, 0UL) >= 0) continue;
#endif
}

/* The page tables of this process, and of a child of it, before anything is mapped. */
static void measure_tables(void) {
  own_tables = tables_of(getpid());
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) for (;;) pause();
  usleep(2000);
  child_tables = tables_of(pid);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

static void begin(void) {
  struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  shared->pids[0] = getpid();
  char *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || *(volatile char *)page != 0) exit(2);
  uint64_t entry = entry_of(0, page);
  zero_frame = entry & ((1UL << 55) - 1);
  without_soft_dirty = !(entry >> 55 & 1);
  munmap(page, PAGE);
  if (SOFT_DIRTY && without_soft_dirty) {
    printf("Not applicable: this kernel is built without soft-dirty (CONFIG_MEM_SOFT_DIRTY).\\n");
    shared->finished = 3;
    exit(0);
  }
  take_protection_keys();
  free(malloc(1 << 16));
  read_vmas(0);
  measure_tables();
}

int main(void) {
  shared = mmap(NULL, sizeof *shared, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || pipe(story) != 0) return 2;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) close(story[0]), make_calls();
  close(story[1]);
  /* The pipe ends when the last process that makes calls does. */
  char byte;
  while (pid > 0 && read(story[0], &byte, 1) < 0 && errno == EINTR) continue;
  while (wait(NULL) > 0) continue;
  if (shared->finished > 1) return shared->finished;
  if (!shared->finished) printf("The calls could not all be made.\\n");
  else printf("On this kernel %d claims hold, %d fail, %d cannot be seen by a program.\\n", shared->held, shared->failed,
              shared->unseen);
  return shared->failed ? 1 : shared->finished ? 0 : 2;
}
`;
