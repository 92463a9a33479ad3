/* SPDX-License-Identifier: MIT */
/* untouched: writable mappings that nobody writes. Assumption: never.
 *
 * Rule: without an anon_vma on either side everything that fits joins, a moved range takes the offset of its new place, and ACCOUNT goes
 * when memory is made unwritable. Final VMAs of the arena, in pages (in brackets, had they been written at once):
 *
 *   [0,6)     mapped apart, then the gap                          ([0,4)[4,6))
 *   [16,24)   moved side by side                                  ([16,20)[20,24))
 *   [32,48)   a reserve, part of it writable and PROT_NONE again  ([32,40)[40,48))
 *   [64,72)   locked in part on fault, unlocked */
#include "demo.h"

static void map(long page, long pages, int prot)
{
	must(mmap(at(page), (size_t)(pages * PAGE), prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at(page), "mmap");
}

static void set(long page, long pages, int prot)
{
	must(mprotect(at(page), (size_t)(pages * PAGE), prot) == 0, "mprotect");
}

int main(void)
{
	map(0, 2, RW);
	map(4, 2, RW);
	map(2, 2, RW);

	map(80, 4, RW);
	map(90, 4, RW);
	move(80, 4, 20);
	move(90, 4, 16);

	map(32, 16, NONE);
	set(32, 8, RW);
	set(32, 8, NONE);

	map(64, 8, RW);
	must(mlock2(at(64), 4 * PAGE, 1) == 0, "mlock2");
	must(munlock(at(64), 4 * PAGE) == 0, "munlock");
	return 0;
}
