/* SPDX-License-Identifier: MIT */
/* guard-fork-pool: stacks in one mapping each, with MADV_GUARD_INSTALL markers, in anonymous and in file memory, and a fork.
 *
 * Rule: a guard splits nothing and marks the whole VMA (`gu`), the flag spreads to what joins it, is never taken back, and is copied on
 * fork; a guard in a file mapping makes no anon_vma. Final VMAs of the arena, in pages:
 *
 *   [0,64)               8 stacks of 8 pages, anonymous, a guard each: one VMA, gu
 *   [64,128)             the same in a private file mapping that is written: one VMA, gu
 *   [128,148)            read-only private file mapping: guarded apart, the gap mapped last: one VMA, gu (a model in which a guard makes an
 *                        anon_vma: two)
 *   [160,168)[168,172)   anonymous: the guarded, written part and one written apart: two
 *   [180,192)            the guard removed again: gu all the same, also of what is mapped beside it later
 * In the child [180,188)[188,192) stay two: the inherited part has an anon_vma by fork. [128,148) is one there too: it has none. */
#include "demo.h"

int main(void)
{
	int fd = makeFile("/tmp/demo-pool", 256);
	unlink("/tmp/demo-pool");
	mapAnon(0, 64, RW);
	mapWith(64, 64, RW, MAP_PRIVATE, fd, 0);
	for (long page = 0; page < 128; page += 8)
		advise(page, 1, GUARD_INSTALL);

	mapWith(128, 4, R, MAP_PRIVATE, fd, 64);
	mapWith(140, 4, R, MAP_PRIVATE, fd, 76);
	advise(128, 1, GUARD_INSTALL);
	advise(143, 1, GUARD_INSTALL);
	mapWith(132, 8, R, MAP_PRIVATE, fd, 68);

	mapAnon(168, 4, RW);
	mapAnon(160, 4, RW);
	advise(160, 1, GUARD_INSTALL);
	mapAnon(164, 4, RW);

	mapAnon(180, 8, RW);
	advise(180, 2, GUARD_INSTALL);
	advise(180, 2, GUARD_REMOVE);

	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		mapWith(144, 4, R, MAP_PRIVATE, fd, 80);
		mapAnon(188, 4, RW);
		protect(2, 4, R);
		protect(2, 4, RW);
		_exit(0);
	}
	waitFor(child);
	mapWith(144, 4, R, MAP_PRIVATE, fd, 80);
	mapAnon(188, 4, RW);
	protect(2, 4, R);
	protect(2, 4, RW);
	return 0;
}
