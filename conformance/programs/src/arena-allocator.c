/* SPDX-License-Identifier: MIT */
/* arena-allocator: reserve, commit, decommit, purge, as allocators do.
 *
 * Rule: VM_ACCOUNT and NORESERVE. Memory committed once keeps ACCOUNT after its decommit, and so stays apart from what never was
 * committed; with MAP_NORESERVE there is no ACCOUNT, and all of it joins again where the anon_vmas allow.
 * Final VMAs of the arena, in pages:
 *
 *   [0,8)[8,64)                     reserve; 8 pages committed and decommitted: PROT_NONE ac beside PROT_NONE
 *   [64,128)                        the same with NORESERVE: one VMA
 *   [128,136)[136,144)[144,192)     commit two runs in order: rw ac; purge (DONTNEED) and give up the second: none ac; the rest none
 *   [192,196)...                    every other run of 4 decommitted: nine VMAs, one decommit each made three of one
 *   [256,260)[260,264)              two runs committed apart in a NORESERVE reserve, then the gap: it joins the left one only */
#include "demo.h"

static void reserve(long page, long pages, int flags)
{
	mapWith(page, pages, NONE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void decommit(long page, long pages)
{
	advise(page, pages, MADV_DONTNEED);
	protect(page, pages, NONE);
}

int main(void)
{
	reserve(0, 64, 0);
	protect(0, 8, RW);
	decommit(0, 8);

	reserve(64, 64, MAP_NORESERVE);
	protect(64, 8, RW);
	decommit(64, 8);

	reserve(128, 64, 0);
	protect(128, 8, RW);
	protect(136, 8, RW);
	advise(128, 8, MADV_FREE);
	decommit(136, 8);

	mapAnon(192, 36, RW);
	for (int i = 196; i < 228; i += 8)
		decommit(i, 4);

	reserve(256, 64, MAP_NORESERVE);
	protect(256, 2, RW);
	protect(260, 4, RW);
	protect(258, 2, RW);
	return 0;
}
