/* SPDX-License-Identifier: MIT */
/* fork-merge: two generations of forks without exec; each process maps beside what it inherited.
 *
 * Rule: an inherited anon_vma is not shared by a new neighbour unless nothing else holds the chain; DONTFORK and WIPEONFORK.
 * Final VMAs of the arena, in pages:
 *
 *   parent      [0,8)            4 written, then 4 mapped beside: one VMA
 *   child       [0,4)[4,8)       the same two steps, the first one before the fork. [16,24): both steps after it, one VMA
 *   grandchild  [0,4)[4,8)[8,12) mapped one generation each: none joins
 *   child       no [32,36)       DONTFORK
 *   child       [48,56)          WIPEONFORK: inherited without anon_vma (and not written by the child), so it joins what is mapped beside
 *   child       [64,68)          read-only, never written: inherited without anon_vma, joins [68,72): [64,72) */
#include "demo.h"

int main(void)
{
	mapAnon(0, 4, RW);
	mapAnon(32, 4, RW);
	advise(32, 4, MADV_DONTFORK);
	mapAnon(48, 4, RW);
	advise(48, 4, MADV_WIPEONFORK);
	mapAnon(64, 4, R);
	pid_t child = fork();
	if (child == 0) {
		mapAnon(4, 4, RW);
		mapAnon(16, 4, RW);
		mapAnon(20, 4, RW);
		mapAnon(52, 4, RW);
		advise(52, 4, MADV_WIPEONFORK);
		mapAnon(68, 4, R);
		pid_t grandchild = fork();
		if (grandchild == 0) {
			mapAnon(8, 4, RW);
			mapAnon(24, 4, RW);
			protect(64, 8, RW);
			_exit(0);
		}
		waitFor(grandchild);
		protect(2, 4, R);
		protect(2, 4, RW);
		_exit(0);
	}
	waitFor(child);
	mapAnon(4, 4, RW);
	protect(2, 4, R);
	protect(2, 4, RW);
	return 0;
}
