/* SPDX-License-Identifier: MIT */
/* The heap, the stack limit, max_map_count, and an address space with no room outside the arena. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILL_BASE 0x300000000000UL

static void readFile(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;
	if (fd < 0)
		die(path);
	while (length < size - 1 && (got = read(fd, buffer + length, size - 1 - length)) > 0)
		length += (size_t)got;
	buffer[length] = 0;
	close(fd);
}

/* Numeric field of /proc/self/stat, counted from 1 as proc(5) does; those behind the command's name only. */
static unsigned long statField(const char *stat, int wanted)
{
	const char *at = strrchr(stat, ')');
	for (int field = 2; at && field < wanted; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoul(at + 1, NULL, 10) : 0;
}

static long setBrk(uintptr_t address)
{
	static char stat[2048];
	readFile("/proc/self/stat", stat, sizeof stat);
	struct prctl_mm_map map = {
		.start_code = statField(stat, 26),
		.end_code = statField(stat, 27),
		.start_data = statField(stat, 45),
		.end_data = statField(stat, 46),
		.start_brk = address,
		.brk = address,
		.start_stack = statField(stat, 28),
		.arg_start = statField(stat, 48),
		.arg_end = statField(stat, 49),
		.env_start = statField(stat, 50),
		.env_end = statField(stat, 51),
		.exe_fd = (uint32_t)-1,
	};
	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0);
}

static void brkOp(const struct op *op)
{
	unsigned long wish = (unsigned long)pageAddress(number(op, "page", 0)) + (unsigned long)number(op, "bytes", 0);
	unsigned long now = (unsigned long)syscall(SYS_brk, wish);
	out("\"res\":\"%s\",\"brk\":[%ld,%lu]", now == wish ? "ok" : "refused", (long)(now - ARENA_BASE) / (long)PAGE, now % PAGE);
}

long maxMapCount(void)
{
	char limit[32];
	readFile("/proc/sys/vm/max_map_count", limit, sizeof limit);
	return strtol(limit, NULL, 10);
}

/* Single PROT_NONE pages with a hole between each two: they never merge and need no page tables. */
static long fillMaps(long slack)
{
	long missing = maxMapCount() - slack - countVmas();
	for (long i = 0; i < missing; i++)
		if (mmap((void *)(FILL_BASE + (uintptr_t)i * 2 * PAGE), PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
			 0) == MAP_FAILED)
			return -1;
	return missing < 0 ? -1 : 0;
}

static void takeRange(uintptr_t start, uintptr_t end)
{
	if (start >= end)
		return;
	if (mmap((void *)start, end - start, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0) == MAP_FAILED ||
	    madvise((void *)start, end - start, MADV_DONTDUMP) < 0)
		die("reserve");
}

/* Takes every hole from 0x1000 to the end of user addresses, but for the arena. */
void reserveOutside(long span)
{
	static char maps[1 << 14];
	uintptr_t arenaEnd = ARENA_BASE + (uintptr_t)span * PAGE, from = PAGE;
	bool arenaDone = false;
	readFile("/proc/self/maps", maps, sizeof maps);
	for (char *line = maps; line && *line;) {
		uintptr_t start, end;
		char *next = strchr(line, '\n');
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && start < USER_END) {
			if (!arenaDone && start >= arenaEnd) {
				takeRange(from, ARENA_BASE);
				from = arenaEnd;
				arenaDone = true;
			}
			takeRange(from, start);
			from = end;
		}
		line = next ? next + 1 : NULL;
	}
	takeRange(from, USER_END);
}

bool heapOp(const struct op *op)
{
	if (is(op->kind, "set_brk")) {
		printResult(setBrk((uintptr_t)pageAddress(number(op, "page", 0))));
	} else if (is(op->kind, "brk")) {
		brkOp(op);
	} else if (is(op->kind, "fill_maps")) {
		printResult(fillMaps(number(op, "slack", 0)));
	} else if (is(op->kind, "rlimit_stack")) {
		struct rlimit limit;
		getrlimit(RLIMIT_STACK, &limit);
		limit.rlim_cur = (rlim_t)number(op, "pages", 0) * PAGE;
		printResult(setrlimit(RLIMIT_STACK, &limit));
	} else {
		return false;
	}
	return true;
}
