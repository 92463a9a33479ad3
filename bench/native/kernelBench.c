/*
 * The kernel's side of the benchmark: does with real system calls what the model does, and answers in CPU time.
 *
 * One request a line on standard input, one answer a line on standard output: numbers, or "unsupported WORD". What a
 * request needs is set up once and kept until a request needs something else.
 *
 *   info                          kernel release
 *   cycle mmap|mprotect N ITER    ITER merge cycles among N VMAs         -> ns of all cycles, VMAs before, VMAs while merged
 *   lookup N ITER                 ITER calls of msync(MS_ASYNC), among N -> ns of all calls
 *   fork anon|shared MIB GUARDS   one fork of MIB resident MiB           -> ns
 *   guard one ITER                install and remove, one page           -> ns of all
 *   guard range PAGES             install over PAGES untouched pages     -> ns of all
 *   cow PAGES                     the child writes PAGES copied pages    -> ns of all
 *   refault read|write PAGES      the child touches a shared file        -> ns of all
 *   touch MIB                     write so much memory, and give it back -> 0
 *   drop                          unmap everything
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

#define PAGE 4096UL

static char *area;
static size_t area_bytes;
static char area_name[128];
/* Where a child leaves its time. */
static volatile uint64_t *told;
static uint64_t random_state = 1;

static void die(const char *what)
{
	fprintf(stderr, "kernelBench: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* CPU time of this thread, in ns. */
static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

/* The same numbers as src/pseudoRandom.ts. */
static uint32_t next_random(uint32_t below)
{
	uint32_t x = (uint32_t)random_state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	random_state = x;
	return x % below;
}

static void drop(void)
{
	if (area != NULL && munmap(area, area_bytes) != 0)
		die("munmap");
	area = NULL;
	area_name[0] = 0;
}

/* True when the area of that name has to be set up; it is then mapped without access. */
static int reserve(const char *name, size_t bytes)
{
	if (area != NULL && strcmp(area_name, name) == 0)
		return 0;
	drop();
	area = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		die("mmap");
	area_bytes = bytes;
	snprintf(area_name, sizeof(area_name), "%s", name);
	random_state = 1;
	return 1;
}

/* Number of VMAs that lie in the area. */
static long count_vmas(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	long count = 0;

	if (maps == NULL)
		die("/proc/self/maps");
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long start = strtoul(line, NULL, 16);

		if (start >= (unsigned long)area && start < (unsigned long)area + area_bytes)
			count++;
	}
	fclose(maps);
	return count;
}

/* N pages that are mapped, each followed by a hole: `A.A.A.A.` */
static int set_up_holes(const char *name, long vmas)
{
	if (!reserve(name, 2 * vmas * PAGE))
		return 0;
	if (munmap(area, area_bytes) != 0)
		die("munmap");
	for (long i = 0; i < vmas; i++)
		if (mmap(area + 2 * i * PAGE, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			die("mmap of one page");
	return 1;
}

/* N pages side by side, writable and read-only in turn: `ABABABAB` */
static int set_up_stripes(const char *name, long vmas)
{
	if (!reserve(name, vmas * PAGE))
		return 0;
	if (mmap(area, area_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		die("mmap");
	for (long i = 1; i < vmas; i += 2)
		if (mprotect(area + i * PAGE, PAGE, PROT_READ) != 0)
			die("mprotect");
	return 1;
}

static void one_cycle(int mmaps, long vmas, int back)
{
	static char *at;

	if (mmaps) {
		if (!back) {
			at = area + (2 * (long)next_random(vmas - 1) + 1) * PAGE;
			if (mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
				die("mmap into a hole");
		} else if (munmap(at, PAGE) != 0)
			die("munmap of a hole");
	} else {
		if (!back)
			at = area + (2 * (long)next_random((vmas - 1) / 2) + 1) * PAGE;
		if (mprotect(at, PAGE, back ? PROT_READ : PROT_READ | PROT_WRITE) != 0)
			die("mprotect of a stripe");
	}
}

static void cycle(const char *kind, long vmas, long iterations)
{
	int mmaps = strcmp(kind, "mmap") == 0;
	char name[64];
	static long before, merged;
	uint64_t from, to;
	int fresh;

	snprintf(name, sizeof(name), "cycle %s %ld", kind, vmas);
	fresh = mmaps ? set_up_holes(name, vmas) : set_up_stripes(name, vmas);
	if (fresh) {
		before = count_vmas();
		one_cycle(mmaps, vmas, 0);
		merged = count_vmas();
		one_cycle(mmaps, vmas, 1);
	}
	from = now();
	for (long i = 0; i < iterations; i++) {
		one_cycle(mmaps, vmas, 0);
		one_cycle(mmaps, vmas, 1);
	}
	to = now();
	printf("%llu %ld %ld\n", (unsigned long long)(to - from), before, merged);
}

static void lookup(long vmas, long iterations)
{
	char name[64];
	uint64_t from, to;

	snprintf(name, sizeof(name), "cycle mmap %ld", vmas);
	set_up_holes(name, vmas);
	from = now();
	for (long i = 0; i < iterations; i++)
		if (msync(area + 2 * (long)next_random(vmas) * PAGE, PAGE, MS_ASYNC) != 0)
			die("msync");
	to = now();
	printf("%llu\n", (unsigned long long)(to - from));
}

/* Resident memory of small pages only: private anonymous, or a shared file on tmpfs; with guard pages at its start. */
static int set_up_resident(const char *name, const char *kind, size_t bytes, long guards)
{
	if (!reserve(name, bytes))
		return 1;
	if (strcmp(kind, "anon") == 0) {
		if (mmap(area, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			die("mmap");
	} else {
		int fd = memfd_create("bench", 0);

		if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0)
			die("memfd_create");
		if (mmap(area, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
			die("mmap");
		close(fd);
	}
	madvise(area, bytes, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < bytes; at += PAGE)
		area[at] = 1;
	if (guards > 0 && madvise(area, guards * PAGE, MADV_GUARD_INSTALL) != 0) {
		drop();
		return 0;
	}
	return 1;
}

static void fork_once(const char *kind, long mib, long guards)
{
	char name[64];
	uint64_t from, to;
	pid_t child;

	snprintf(name, sizeof(name), "fork %s %ld %ld", kind, mib, guards);
	if (!set_up_resident(name, kind, (size_t)mib << 20, guards)) {
		printf("unsupported MADV_GUARD_INSTALL\n");
		return;
	}
	from = now();
	child = fork();
	if (child == 0)
		_exit(0);
	to = now();
	if (child < 0)
		die("fork");
	waitpid(child, NULL, 0);
	printf("%llu\n", (unsigned long long)(to - from));
}

static void guard(const char *kind, long number)
{
	int one = strcmp(kind, "one") == 0;
	size_t bytes = one ? 512 * PAGE : (size_t)number * PAGE;
	char name[64];
	uint64_t from, to;

	snprintf(name, sizeof(name), "guard %s %zu", kind, bytes);
	if (reserve(name, bytes)) {
		if (mmap(area, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
			die("mmap");
		madvise(area, bytes, MADV_NOHUGEPAGE);
	}
	if (madvise(area, bytes, MADV_GUARD_REMOVE) != 0) {
		printf("unsupported MADV_GUARD_INSTALL\n");
		return;
	}
	from = now();
	if (one) {
		for (long i = 0; i < number; i++) {
			char *at = area + (size_t)(i % 512) * PAGE;

			if (madvise(at, PAGE, MADV_GUARD_INSTALL) != 0 || madvise(at, PAGE, MADV_GUARD_REMOVE) != 0)
				die("madvise");
		}
	} else if (madvise(area, bytes, MADV_GUARD_INSTALL) != 0)
		die("madvise");
	to = now();
	printf("%llu\n", (unsigned long long)(to - from));
}

/* A child touches every page of what was resident in the parent. */
static void touch_in_child(const char *kind, int writes, long pages)
{
	char name[64];
	pid_t child;

	snprintf(name, sizeof(name), "touch %s %ld", kind, pages);
	set_up_resident(name, kind, (size_t)pages * PAGE, 0);
	child = fork();
	if (child == 0) {
		uint64_t from = now();
		char seen = 0;

		for (long i = 0; i < pages; i++) {
			volatile char *at = area + (size_t)i * PAGE;

			if (writes)
				*at = 2;
			else
				seen += *at;
		}
		told[0] = now() - from;
		told[1] = (uint64_t)seen;
		_exit(0);
	}
	if (child < 0)
		die("fork");
	waitpid(child, NULL, 0);
	printf("%llu\n", (unsigned long long)told[0]);
}

/*
 * Gives back MIB that were written: what is allocated next was used before. In a virtual machine the first use ever of a page
 * is a fault of the hypervisor's, five times as dear as the kernel's own.
 */
static void touch(long mib)
{
	size_t bytes = (size_t)mib << 20;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < bytes; at += PAGE)
		memory[at] = 1;
	if (munmap(memory, bytes) != 0)
		die("munmap");
	printf("0\n");
}

int main(void)
{
	char line[256], word[32];
	long a, b;

	told = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		die("mmap");
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "cycle %31s %ld %ld", word, &a, &b) == 3)
			cycle(word, a, b);
		else if (sscanf(line, "lookup %ld %ld", &a, &b) == 2)
			lookup(a, b);
		else if (sscanf(line, "fork %31s %ld %ld", word, &a, &b) == 3)
			fork_once(word, a, b);
		else if (sscanf(line, "guard %31s %ld", word, &a) == 2)
			guard(word, a);
		else if (sscanf(line, "cow %ld", &a) == 1)
			touch_in_child("anon", 1, a);
		else if (sscanf(line, "refault %31s %ld", word, &a) == 2)
			touch_in_child("shared", strcmp(word, "write") == 0, a);
		else if (sscanf(line, "touch %ld", &a) == 1)
			touch(a);
		else if (strncmp(line, "drop", 4) == 0) {
			drop();
			printf("0\n");
		} else if (strncmp(line, "info", 4) == 0) {
			struct utsname name;

			uname(&name);
			printf("%s\n", name.release);
		} else {
			printf("unsupported %s", line);
		}
	}
	return 0;
}
