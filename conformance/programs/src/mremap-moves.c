/* SPDX-License-Identifier: MIT */
/* mremap-moves: realloc of large blocks, and written ranges moved next to others.
 *
 * Rule: page offsets. A written range keeps its offset when it moves, an unwritten one takes that of its new place.
 * Final VMAs of the arena, in pages:
 *
 *   [0,8)           half of a written VMA moved away and back: the offset fits again, one VMA
 *   [16,20)[20,24)  its halves swapped: one anon_vma, but offsets that do not continue. Without the offset rule: [16,24)
 *   [40,48)         both halves moved by the same distance: they join again at the new place
 *   [64,72)         two read-only ranges, never written, moved side by side: offsets follow the addresses, one VMA. A model that
 *                   lets them travel: two
 *   [80,84)[84,88)  a written range moved next to another: neither anon_vma nor offset fit
 *   [96,102)        read-only, grown in place until it meets the next one: they join
 *   [112,116)       shrunk, then the freed place mapped again: joins (same anon_vma, offsets fit)
 *
 * The blocks of realloc lie among the libraries, as glibc and the kernel place them. */
#include "demo.h"

static void growBlocks(void)
{
	char *block[4];
	for (int i = 0; i < 4; i++) {
		block[i] = malloc(200000);
		memset(block[i], i, 200000);
	}
	for (size_t size = 400000; size < 8000000; size *= 2) {
		block[1] = realloc(block[1], size);
		memset(block[1], 1, size);
	}
	block[2] = realloc(block[2], 150000);
	block[0] = realloc(block[0], 900000);
	memset(block[0], 1, 900000);
	free(block[3]);
	block[3] = malloc(300000);
	memset(block[3], 1, 300000);
}

int main(void)
{
	mapAnon(0, 8, RW);
	move(4, 4, 28);
	move(28, 4, 4);

	mapAnon(16, 8, RW);
	move(16, 4, 28);
	move(20, 4, 16);
	move(28, 4, 20);

	mapAnon(32, 8, RW);
	move(32, 4, 40);
	move(36, 4, 44);

	mapAnon(130, 4, R);
	mapAnon(140, 4, R);
	move(140, 4, 64);
	move(130, 4, 68);

	mapAnon(80, 4, RW);
	mapAnon(90, 4, RW);
	move(90, 4, 84);

	mapAnon(96, 2, R);
	mapAnon(100, 2, R);
	must(mremap(at(96), 2 * PAGE, 4 * PAGE, 0) == at(96), "mremap");

	mapAnon(112, 4, RW);
	must(mremap(at(112), 4 * PAGE, 2 * PAGE, 0) == at(112), "mremap");
	mapAnon(114, 2, RW);

	growBlocks();
	return 0;
}
