/* SPDX-License-Identifier: MIT */
/* locked-memory: mlock, mlock2 and munlock of parts.
 *
 * Rule: LOCKED and LOCKONFAULT part neighbours, and their going lets them join when the anon_vmas agree.
 * Final VMAs of the arena, in pages:
 *
 *   [0,4)[4,8)[8,16)   the middle of a written VMA locked
 *   [20,36)            locked in four parts, unlocked in two: one VMA again, one anon_vma
 *   [40,44)[44,48)     two VMAs written apart while one was locked: unlocked they still do not join. Without the anon_vma rule: [40,48)
 *   [52,56)[56,60)     locked on fault (lo lf) beside locked (lo)
 *   [64,72)            a shared file mapping locked in parts and joined again, all of it locked
 *   [80,84)[84,88)     mapped MAP_LOCKED beside the same without */
#include "demo.h"

#define ON_FAULT 1

static void lock(long page, long pages)
{
	must(mlock(at(page), (size_t)(pages * PAGE)) == 0, "mlock");
}

static void lockOnFault(long page, long pages)
{
	must(mlock2(at(page), (size_t)(pages * PAGE), ON_FAULT) == 0, "mlock2");
}

static void unlock(long page, long pages)
{
	must(munlock(at(page), (size_t)(pages * PAGE)) == 0, "munlock");
}

int main(void)
{
	mapAnon(0, 16, RW);
	lock(4, 4);

	mapAnon(20, 16, RW);
	for (int i = 0; i < 4; i++)
		lock(20 + i * 4, 4);
	unlock(20, 8);
	unlock(28, 8);

	mapAnon(40, 4, RW);
	lock(40, 4);
	mapAnon(44, 4, RW);
	unlock(40, 4);

	mapAnon(52, 8, RW);
	lockOnFault(52, 4);
	lock(56, 4);

	int fd = makeFile("/tmp/demo-locked", 8);
	unlink("/tmp/demo-locked");
	mapWith(64, 8, RW, MAP_SHARED, fd, 0);
	lock(66, 2);
	lock(64, 2);
	lock(68, 4);

	mapWith(80, 4, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	mapAnon(84, 4, RW);
	return 0;
}
