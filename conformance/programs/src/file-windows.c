/* SPDX-License-Identifier: MIT */
/* file-windows: windows on files, as a database maps them.
 *
 * Rule: file offsets must continue, and the open file must be the same one: not the path, not the inode.
 * Final VMAs of the arena, in pages; offset in the file behind the colon:
 *
 *   [0,8):0                  two shared windows with offsets that continue
 *   [16,20):0 [20,24):8      offsets that do not. Without the offset rule: [16,24)
 *   [32,36):0 [36,40):4      offsets that do, but the second one through another open of the file. Without the file rule: [32,40)
 *   [48,60):8                three read-only private windows, the middle one last
 *   [64,72):0 [72,76):8      private and written apart, then the gap: it joins one side only. Without the anon_vma rule: [64,76)
 *   [80,84):4 [84,88):0      the window's halves swapped by mremap
 *   [96,100):0 [100,104):4   shared rw, its second half made read-only */
#include "demo.h"

int main(void)
{
	int fd = makeFile("/tmp/demo-table", 64), again = open("/tmp/demo-table", O_RDWR);
	must(again >= 0, "open");
	unlink("/tmp/demo-table");
	mapWith(0, 4, RW, MAP_SHARED, fd, 0);
	mapWith(4, 4, RW, MAP_SHARED, fd, 4);

	mapWith(16, 4, RW, MAP_SHARED, fd, 0);
	mapWith(20, 4, RW, MAP_SHARED, fd, 8);

	mapWith(32, 4, RW, MAP_SHARED, fd, 0);
	mapWith(36, 4, RW, MAP_SHARED, again, 4);

	mapWith(48, 4, R, MAP_PRIVATE, fd, 8);
	mapWith(56, 4, R, MAP_PRIVATE, fd, 16);
	mapWith(52, 4, R, MAP_PRIVATE, fd, 12);

	mapWith(72, 4, RW, MAP_PRIVATE, fd, 8);
	mapWith(64, 4, RW, MAP_PRIVATE, fd, 0);
	mapWith(68, 4, RW, MAP_PRIVATE, fd, 4);

	mapWith(80, 8, RW, MAP_SHARED, fd, 0);
	move(80, 4, 120);
	move(84, 4, 80);
	move(120, 4, 84);

	mapWith(96, 8, RW, MAP_SHARED, fd, 0);
	protect(100, 4, R);
	return 0;
}
