/* SPDX-License-Identifier: MIT */
/* merge-history: the same attributes and offsets, and yet it depends on who was written when.
 *
 * Rule: anon_vma compatibility (of the range with each side, and of the two sides with each other), and the reuse of
 * a neighbour's anon_vma at the first write. Final VMAs of the arena, in pages:
 *
 *   [0,4)[4,6)        written apart, then the gap mapped: it joins the left one only. Without the rule: [0,6)
 *   [16,22)           the gap of one written VMA mapped again: both sides have one anon_vma, all three join
 *   [32,38)           never written (read-only): all three join
 *   [48,52)           rwx beside a written rw: its first write takes over the anon_vma; made rw, they join. Without the reuse: two
 *   [64,68)           the same with the written one on the right
 *   [80,84)[84,86)    written apart; the left one grows to touch the right one: they stay two. Without the rule: [80,86)
 *   [96,100)[100,102) an unwritten middle made writable between two written apart: joins the left one only. Without: [96,102)
 *   [112,114)[114,116) each written while the other differed in a flag that is no access flag: two anon_vmas. Without: one */
#include "demo.h"

int main(void)
{
	mapAnon(0, 2, RW);
	mapAnon(4, 2, RW);
	mapAnon(2, 2, RW);

	mapAnon(16, 6, RW);
	unmap(18, 2);
	mapAnon(18, 2, RW);

	mapAnon(32, 2, R);
	mapAnon(36, 2, R);
	mapAnon(34, 2, R);

	mapAnon(48, 2, RW);
	mapAnon(50, 2, RWX);
	protect(50, 2, RW);

	mapAnon(66, 2, RW);
	mapAnon(64, 2, RWX);
	protect(64, 2, RW);

	mapAnon(80, 2, RWX);
	mapAnon(84, 2, RW);
	mapAnon(82, 2, RWX);
	protect(80, 4, RW);

	mapAnon(96, 2, RW);
	mapAnon(98, 2, R);
	mapAnon(100, 2, RW);
	protect(98, 2, RW);

	mapAnon(112, 2, RW);
	advise(112, 2, MADV_DONTDUMP);
	mapAnon(114, 2, RW);
	advise(112, 2, MADV_DODUMP);
	return 0;
}
