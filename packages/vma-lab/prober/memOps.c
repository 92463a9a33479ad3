/* SPDX-License-Identifier: MIT */
/* mmap, munmap, mprotect, madvise, the mlock family, mseal, mremap, anon names, clear_refs. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

/* Newer than some C libraries. */
#define NR_MLOCK2 325
#define NR_MSEAL 462
#define NR_PIDFD_OPEN 434
#define NR_PROCESS_MADVISE 440
#define FLAG_DROPPABLE 0x08
#define FLAG_FIXED_NOREPLACE 0x100000
#define FLAG_DONTUNMAP 4
#define SEAL_FUTURE_WRITE 0x10
#define SET_VMA 0x53564d41

static const struct {
	const char *name;
	int value;
} advices[] = {
	{"NORMAL", 0},         {"RANDOM", 1},           {"SEQUENTIAL", 2},      {"WILLNEED", 3},    {"DONTNEED", 4},   {"FREE", 8},
	{"REMOVE", 9},         {"DONTFORK", 10},        {"DOFORK", 11},         {"MERGEABLE", 12},  {"UNMERGEABLE", 13},
	{"HUGEPAGE", 14},      {"NOHUGEPAGE", 15},      {"DONTDUMP", 16},       {"DODUMP", 17},     {"WIPEONFORK", 18},
	{"KEEPONFORK", 19},    {"COLD", 20},            {"PAGEOUT", 21},        {"POPULATE_READ", 22}, {"POPULATE_WRITE", 23},
	{"DONTNEED_LOCKED", 24}, {"COLLAPSE", 25},      {"GUARD_INSTALL", 102}, {"GUARD_REMOVE", 103},
};

void *pageAddress(long page)
{
	return (void *)(ARENA_BASE + (uintptr_t)page * PAGE);
}

void printResult(long result)
{
	out("\"res\":\"%s\"", result == -1 ? errnoName(errno) : "ok");
}

/* `at`: the page, or "outside", and then the mapping is taken away again. */
void printPlace(const struct scenario *sc, uintptr_t address, size_t length)
{
	if (address >= ARENA_BASE && address < ARENA_BASE + (uintptr_t)sc->span * PAGE) {
		out(",\"at\":%lu", (address - ARENA_BASE) / PAGE);
		return;
	}
	out(",\"at\":\"outside\"");
	munmap((void *)address, length);
}

static int protOf(const char *letters)
{
	if (is(letters, "none"))
		return PROT_NONE;
	return (strchr(letters, 'r') ? PROT_READ : 0) | (strchr(letters, 'w') ? PROT_WRITE : 0) | (strchr(letters, 'x') ? PROT_EXEC : 0);
}

static bool on(const struct op *op, const char *key)
{
	return number(op, key, 0) != 0;
}

static void attachSysv(const struct scenario *sc, const struct op *op)
{
	size_t length = (size_t)number(op, "pages", 0) * PAGE;
	bool placed = !on(op, "anywhere") && !has(op, "hint");
	int id = shmget(IPC_PRIVATE, length, IPC_CREAT | 0600);
	void *at = (void *)-1;
	if (id >= 0) {
		at = shmat(id, placed ? pageAddress(number(op, "page", 0)) : NULL, placed ? SHM_REMAP : 0);
		int error = errno;
		shmctl(id, IPC_RMID, NULL);
		errno = error;
	}
	printResult(at == (void *)-1 ? -1 : 0);
	if (at != (void *)-1)
		printPlace(sc, (uintptr_t)at, length);
}

static void mapOp(const struct scenario *sc, const struct op *op)
{
	const char *backing = text(op, "backing", "anon");
	if (is(backing, "sysv")) {
		attachSysv(sc, op);
		return;
	}
	size_t length = (size_t)number(op, "pages", 0) * PAGE;
	int fd = fileOf(backing);
	int flags = on(op, "shared") ? MAP_SHARED : on(op, "droppable") ? FLAG_DROPPABLE : MAP_PRIVATE;
	void *address = pageAddress(number(op, "page", 0));
	if (fd < 0)
		flags |= MAP_ANONYMOUS;
	if (has(op, "hint"))
		address = pageAddress(number(op, "hint", 0));
	else if (on(op, "anywhere"))
		address = NULL;
	else
		flags |= on(op, "noreplace") ? FLAG_FIXED_NOREPLACE : MAP_FIXED;
	flags |= (on(op, "noreserve") ? MAP_NORESERVE : 0) | (on(op, "locked") ? MAP_LOCKED : 0) | (on(op, "populate") ? MAP_POPULATE : 0) |
		 (on(op, "growsdown") ? MAP_GROWSDOWN : 0) | (on(op, "stack") ? MAP_STACK : 0);
	void *at = mmap(address, length, protOf(text(op, "prot", "none")), flags, fd, (off_t)number(op, "pgoff", 0) * (off_t)PAGE);
	printResult(at == MAP_FAILED ? -1 : 0);
	if (at != MAP_FAILED)
		printPlace(sc, (uintptr_t)at, length);
}

static void remapOp(const struct scenario *sc, const struct op *op)
{
	size_t newLength = (size_t)number(op, "newPages", 0) * PAGE;
	bool fixed = has(op, "newPage"), keepSource = on(op, "dontUnmap");
	int flags = (fixed ? MREMAP_FIXED : 0) | (fixed || keepSource || on(op, "mayMove") ? MREMAP_MAYMOVE : 0) | (keepSource ? FLAG_DONTUNMAP : 0);
	long at = syscall(SYS_mremap, pageAddress(number(op, "page", 0)), (size_t)number(op, "pages", 0) * PAGE, newLength, flags,
			  fixed ? pageAddress(number(op, "newPage", 0)) : NULL);
	printResult(at);
	if (at != -1)
		printPlace(sc, (uintptr_t)at, newLength);
}

static sigjmp_buf brokenOff;

static void breakOff(int signal)
{
	(void)signal;
	siglongjmp(brokenOff, 1);
}

/* A guard install over uffd-wp pages of a file never returns (FORMAT2.md, LIVELOCK): give it 1.5 s of CPU time. */
static void guardInstall(void *address, size_t length, int advice)
{
	struct sigaction action = {.sa_handler = breakOff};
	struct itimerval limit = {.it_value = {.tv_sec = 1, .tv_usec = 500000}}, none = {0};
	sigaction(SIGPROF, &action, NULL);
	if (sigsetjmp(brokenOff, 1)) {
		out("\"res\":\"LIVELOCK\"");
		return;
	}
	setitimer(ITIMER_PROF, &limit, NULL);
	int result = madvise(address, length, advice), error = errno;
	setitimer(ITIMER_PROF, &none, NULL);
	errno = error;
	printResult(result);
}

static int adviceOf(const char *name)
{
	for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
		if (is(advices[i].name, name))
			return advices[i].value;
	die("an advice of an unknown name");
}

static void adviseOp(void *address, size_t length, const char *name)
{
	int advice = adviceOf(name);
	if (is(name, "GUARD_INSTALL"))
		guardInstall(address, length, advice);
	else
		printResult(madvise(address, length, advice));
}

static void clearRefs(long value)
{
	char number[8];
	int length = snprintf(number, sizeof number, "%ld", value);
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	long result = fd < 0 || write(fd, number, (size_t)length) < 0 ? -1 : 0;
	close(fd);
	printResult(result);
}

/* process_madvise: `ranges` is first page, pages, first page, pages, ... */
static void vectorOp(const struct op *op)
{
	static struct iovec ranges[64];
	size_t count = 0;
	const char *at = text(op, "ranges", "");
	while (*at) {
		char *end;
		long page = strtol(at, &end, 10);
		if (*end != ',' || count == sizeof ranges / sizeof *ranges)
			die("ranges are pairs of numbers, at most 64");
		long pages = strtol(end + 1, &end, 10);
		ranges[count++] = (struct iovec){pageAddress(page), (size_t)pages * PAGE};
		at = *end ? end + 1 : end;
	}
	int pidfd = (int)syscall(NR_PIDFD_OPEN, processOf(text(op, "of", NULL)), 0);
	long done = pidfd < 0 ? -1 : syscall(NR_PROCESS_MADVISE, pidfd, ranges, count, adviceOf(text(op, "advice", "")), 0);
	int error = errno;
	close(pidfd);
	errno = error;
	printResult(done);
	if (done >= 0)
		out(",\"done\":%lu", (unsigned long)done / PAGE);
}

bool memOp(const struct scenario *sc, const struct op *op)
{
	void *address = pageAddress(number(op, "page", 0));
	size_t length = (size_t)number(op, "pages", 0) * PAGE;
	if (is(op->kind, "mmap"))
		mapOp(sc, op);
	else if (is(op->kind, "munmap"))
		printResult(munmap(address, length));
	else if (is(op->kind, "mprotect"))
		printResult(mprotect(address, length, protOf(text(op, "prot", "none"))));
	else if (is(op->kind, "madvise"))
		adviseOp(address, length, text(op, "advice", ""));
	else if (is(op->kind, "process_madvise"))
		vectorOp(op);
	else if (is(op->kind, "mlock"))
		printResult(mlock(address, length));
	else if (is(op->kind, "mlock2"))
		printResult(syscall(NR_MLOCK2, address, length, 1L));
	else if (is(op->kind, "munlock"))
		printResult(munlock(address, length));
	else if (is(op->kind, "mseal"))
		printResult(syscall(NR_MSEAL, address, length, 0L));
	else if (is(op->kind, "mremap"))
		remapOp(sc, op);
	else if (is(op->kind, "setname"))
		printResult(prctl(SET_VMA, 0UL, address, length, text(op, "name", NULL)));
	else if (is(op->kind, "truncate"))
		printResult(ftruncate(fileOf(text(op, "file", "")), (off_t)number(op, "size", 0) * (off_t)PAGE));
	else if (is(op->kind, "punch"))
		printResult(fallocate(fileOf(text(op, "file", "")), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				      (off_t)number(op, "page", 0) * (off_t)PAGE, (off_t)length));
	else if (is(op->kind, "seal"))
		printResult(fcntl(fileOf(text(op, "file", "")), F_ADD_SEALS, is(text(op, "by", "future"), "write") ? F_SEAL_WRITE : SEAL_FUTURE_WRITE));
	else if (is(op->kind, "clear_refs"))
		clearRefs(number(op, "value", 4));
	else
		return false;
	return true;
}
