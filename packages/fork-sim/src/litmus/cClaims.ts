/** The claims in C: each looks at the state, prints whether it holds, and what there is instead. */
export const C_CLAIMS = `
enum when { HERE, NEVER, ALWAYS };

/* Tells whether a claim holds. One about every state is told of once, when it is broken. */
static void tell(int line, const char *claim, enum when when, int holds, const char *found) {
  int fails = when == NEVER ? holds : !holds;
  if (when != HERE && (!fails || shared->broken[line])) return;
  if (fails) shared->failed++, shared->broken[line] = 1;
  else shared->held++;
  printf("%s  line %d: %s\\n", fails ? "FAILS" : "ok   ", line, claim);
  if (fails) printf("       this kernel: %s\\n", when == NEVER ? "so it is here" : found);
}

__attribute__((unused)) static void rule_kept(int line, const char *claim) {
  if (shared->broken[line]) return;
  shared->held++;
  printf("ok     line %d: %s\\n", line, claim);
}

__attribute__((unused)) static void unseen(int line, const char *claim, const char *why) {
  shared->unseen++;
  printf("-----  line %d: %s (%s)\\n", line, claim, why);
}

static int is_value(const char *word, int byte) {
  if (byte < 0 || strcmp(word, "nothing") == 0) return byte < 0 && strcmp(word, "nothing") == 0;
  if (strcmp(word, "zero") == 0) return byte == 0;
  if (strcmp(word, "written") == 0) return byte >= 1 && byte <= 63;
  if (strcmp(word, "file0") == 0) return byte >= 64 && byte <= 127;
  if (strcmp(word, "file1") == 0) return byte >= 128 && byte <= 191;
  if (strcmp(word, "memfd0") == 0) return byte >= 192;
  return atoi(word) == byte;
}

/* What came of the last call. at: -2, done: -1 say nothing of it; faults, reads: NULL says nothing of them. */
__attribute__((unused)) static void result_is(int line, const char *claim, const char *outcome, long at, long done,
                                              const char *faults, const char *const *reads) {
  char found[8192];
  const char *seen = got_error ? error_name(got_error) : got_signal == 'B' ? "SIGBUS" : got_signal ? "SIGSEGV" : "ok";
  int holds = strcmp(outcome, seen) == 0 && (at == -2 || at == got_at) && (done < 0 || done == got_done), words = 0, end;
  holds &= faults == NULL || ((long)strlen(faults) == got_pages && memcmp(faults, got_signals, got_pages) == 0);
  while (reads && reads[words]) words++;
  for (long i = 0; reads && i < got_pages; i++) {
    const char *word = words == 1 ? reads[0] : i < words ? reads[i] : "";
    holds &= is_value(word, got_bytes[i]);
  }
  if (reads && words != 1 && words != got_pages) holds = 0;
  end = snprintf(found, sizeof found, "=> %s", seen);
  if (at != -2 && !got_error) {
    if (got_at == OUTSIDE) end += snprintf(found + end, sizeof found - end, " at outside");
    else end += snprintf(found + end, sizeof found - end, " at %ld", got_at);
  }
  if (done >= 0 && !got_error) end += snprintf(found + end, sizeof found - end, " done %ld", got_done);
  if (faults) end += snprintf(found + end, sizeof found - end, " faults %.*s", (int)got_pages, got_signals);
  if (reads) end += snprintf(found + end, sizeof found - end, " reads");
  for (long i = 0; reads && i < got_pages && end < (int)sizeof found - 16; i++)
    end += got_bytes[i] < 0 ? snprintf(found + end, 16, " nothing") : snprintf(found + end, 16, " %d", got_bytes[i]);
  tell(line, claim, HERE, holds, found);
}

/* The columns of a drawing: the claim's, or more where VMAs are beyond it and the whole arena is meant. */
static long columns_of(const char *drawing, int whole) {
  long columns = (long)strlen(drawing);
  return whole && count && vmas[count - 1].end > columns ? vmas[count - 1].end : columns;
}

__attribute__((unused)) static void map_is(int line, const char *claim, enum when when, int who, long first, int whole,
                                           const char *drawing) {
  read_vmas(who);
  long columns = columns_of(drawing, whole), given = (long)strlen(drawing);
  char *seen = calloc(1, columns + 8);
  int holds = 1;
  memcpy(seen, "map ", 4);
  for (long i = 0; i < columns; i++) {
    const struct vma *vma = vma_at(first + i), *before = i ? vma_at(first + i - 1) : NULL;
    char wanted = i < given ? drawing[i] : '.', wanted_before = i ? (i - 1 < given ? drawing[i - 1] : '.') : 0;
    seen[4 + i] = vma ? (char)('A' + (vma - vmas) % 26) : '.';
    holds &= (wanted == '.') == (vma == NULL);
    if (i) holds &= (wanted == wanted_before) == (vma == before);
  }
  tell(line, claim, when, holds, seen);
  free(seen);
}

/* fault_around: what the claim is made for; where it is not this kernel's, file pages may be there or not. */
__attribute__((unused)) static void pages_are(int line, const char *claim, enum when when, int who, long first, int whole,
                                              const char *letters) {
  if (!zero_frame) {
    unseen(line, claim, "frame numbers need root");
    return;
  }
  read_vmas(who);
  long columns = columns_of(letters, whole), given = (long)strlen(letters);
  char *seen = calloc(1, columns + 8);
  int holds = 1;
  memcpy(seen, "pages ", 6);
  for (long i = 0; i < columns; i++) {
    char wanted = i < given ? letters[i] : '-', letter = letter_of(who, first + i);
    int may_be_near = FAULT_AROUND != 16 && strchr(".Ff", wanted) && strchr(".Ff", letter);
    seen[6 + i] = letter;
    holds &= wanted == letter || may_be_near;
  }
  tell(line, claim, when, holds, seen);
  free(seen);
}

/* The marked pages: the letter G, or a bit of pagemap. */
__attribute__((unused)) static void marks_are(int line, const char *claim, enum when when, int who, const char *name, int bit,
                                              const long *pages) {
  char found[4096];
  int end = snprintf(found, sizeof found, "%s", name), holds = 1, any = 0;
  read_vmas(who);
  for (long page = 0; page < PAGES; page++) {
    int wanted = 0, seen = vma_at(page) && (entry_of(who, p + page * PAGE) >> bit & 1);
    for (const long *one = pages; *one >= 0; one += 2) wanted |= page >= one[0] && page < one[0] + one[1];
    holds &= wanted == seen;
    any |= seen;
    if (seen && end < (int)sizeof found - 16) end += snprintf(found + end, 16, " %ld", page);
  }
  if (!any) snprintf(found + end, sizeof found - end, " none");
  tell(line, claim, when, holds, found);
}

static int has_word(const char *words, const char *word) {
  const char *at = strstr(words, word);
  return at != NULL && *word != 0;
}

/* how: h has, l lacks, a are. page -1: no drawing for this kernel has the VMA. */
__attribute__((unused)) static void flags_are(int line, const char *claim, enum when when, int who, long page, char how,
                                              const char *const *flags) {
  char found[256], rest[128];
  read_vmas(who);
  const struct vma *vma = page < 0 ? NULL : vma_at(page);
  int wanted = 0, seen = 0, there = 0;
  snprintf(rest, sizeof rest, "%s", vma ? vma->flags : "");
  for (int i = 0; flags[i]; i++) wanted++, seen += vma && has_word(vma->flags, flags[i]);
  for (char *word = strtok(rest, " "); word; word = strtok(NULL, " ")) there += strcmp(word, "sd") != 0 || SOFT_DIRTY;
  int holds = vma && (how == 'l' ? seen == 0 : seen == wanted && (how == 'h' || there == wanted));
  snprintf(found, sizeof found, vma ? "flags are %s" : "page is in no VMA", vma ? vma->flags : "");
  tell(line, claim, when, holds, found);
}

/* offset -1: the claim says nothing of it. */
__attribute__((unused)) static void vma_is(int line, const char *claim, enum when when, int who, long page, const char *perms,
                                           long offset) {
  char found[128];
  read_vmas(who);
  const struct vma *vma = page < 0 ? NULL : vma_at(page);
  snprintf(found, sizeof found, vma ? "%s, offset %ld" : "page is in no VMA", vma ? vma->perms : "", vma ? vma->offset : 0);
  tell(line, claim, when, vma && strcmp(perms, vma->perms) == 0 && (offset < 0 || offset == vma->offset), found);
}

__attribute__((unused)) static void count_is(int line, const char *claim, enum when when, int who, int wanted) {
  char found[64];
  read_vmas(who);
  snprintf(found, sizeof found, "vmas %d", count);
  tell(line, claim, when, count == wanted, found);
}

__attribute__((unused)) static void tables_are(int line, const char *claim, enum when when, int who, long kb) {
  char found[64];
  long seen = tables_of(shared->pids[who]) - (who == 0 ? own_tables : child_tables);
  snprintf(found, sizeof found, "tables %ld kB", seen);
  tell(line, claim, when, seen == kb, found);
}
`;
