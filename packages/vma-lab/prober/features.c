/* SPDX-License-Identifier: MIT */
/* What this kernel has: the fields of a recording's header. Each is measured, none is guessed from a version. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define GUARD_INSTALL 102
#define SET_VMA 0x53564d41

static char *mapAtBase(int fd, int flags)
{
	void *at = mmap((void *)ARENA_BASE, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | flags, fd, 0);
	if (at == MAP_FAILED)
		die("mmap of the arena");
	return at;
}

static const char *resultOf(int result)
{
	return result < 0 ? errnoName(errno) : "ok";
}

/* Pages mapped by one read fault in the middle of a cached file. */
static int faultAroundPages(void)
{
	volatile char *map = mapAtBase(fileOf("file0"), MAP_SHARED);
	int pages = 0;
	(void)map[FILE_PAGES / 2 * PAGE];
	for (int i = 0; i < FILE_PAGES; i++)
		pages += pagemapEntry(ARENA_BASE + (uintptr_t)i * PAGE) >> 63;
	return pages;
}

/* Pages that may be locked; -1 where nothing limits them. */
static long lockLimit(void)
{
	struct rlimit limit;
	getrlimit(RLIMIT_MEMLOCK, &limit);
	return geteuid() == 0 || limit.rlim_cur == RLIM_INFINITY ? -1 : (long)(limit.rlim_cur / PAGE);
}

void printFeatures(void)
{
	static const struct scenario arena = {.format = 1, .span = 64, .window[0] = {NULL, 0, 64}};
	struct utsname system;
	uname(&system);
	openFiles();
	out("{\"kernel\":\"%s\",\"version\":\"%s\",\"base\":\"0x%lx\",\"arenaPages\":64,\"filePages\":%d,\"thp\":\"never\"", system.release, system.version, ARENA_BASE, FILE_PAGES);
	char *anon = mapAtBase(-1, MAP_PRIVATE | MAP_ANONYMOUS);
	anon[0] = 1;
	out(",\"softDirty\":%s", pagemapEntry(ARENA_BASE) >> 55 & 1 ? "true" : "false");
	out(",\"faultAroundPages\":%d", faultAroundPages());
	int file = madvise(mapAtBase(fileOf("file0"), MAP_SHARED), PAGE, GUARD_INSTALL);
	out(",\"guardInstallFile\":\"%s\"", resultOf(file));
	int guard = madvise(mapAtBase(-1, MAP_PRIVATE | MAP_ANONYMOUS), PAGE, GUARD_INSTALL);
	out(",\"guardInstallAnon\":\"%s\"", resultOf(guard));
	out(",\"guardBitInPagemap\":%s", pagemapEntry(ARENA_BASE) >> 58 & 1 ? "true" : "false");
	out(",\"setAnonName\":\"%s\"", resultOf(prctl(SET_VMA, 0UL, ARENA_BASE, PAGE, "name")));
	out(",\"frames\":%s,\"maxMapCount\":%ld,\"lockLimitPages\":", framesAreShown() ? "true" : "false", maxMapCount());
	out(lockLimit() < 0 ? "null" : "%ld", lockLimit());
	out(",\"uffdFeatures\":\"0x%lx\",\"state\":{", uffdFeatures());
	printState(&arena, 0);
	out("}}\n");
	outFlush(1);
}
