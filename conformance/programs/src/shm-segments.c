/* SPDX-License-Identifier: MIT */
/* shm-segments: SysV shared memory, attached, split, detached.
 *
 * Rule: a VMA with a close hook must not be deleted by a merge, and each attachment is an open file of its own.
 * Final VMAs of the arena, in pages:
 *
 *   [0,4)[4,8)   one segment attached twice, side by side: two open files, two VMAs
 *   [16,18)[18,20)[20,24)  a segment whose middle was made read-only and writable again: the hook forbids to delete any of the three
 *   [32,36)      what is left of a segment of which half was unmapped
 *   [48,52)      detached: gone, and an anonymous mapping in its place */
#include "demo.h"

#include <sys/ipc.h>
#include <sys/shm.h>

static int segment(long pages)
{
	int id = shmget(IPC_PRIVATE, (size_t)(pages * PAGE), IPC_CREAT | 0600);
	must(id >= 0, "shmget");
	return id;
}

static void attach(int id, long page)
{
	must(shmat(id, at(page), 0) == at(page), "shmat");
}

int main(void)
{
	int four = segment(4), eight = segment(8), half = segment(8), gone = segment(4);
	attach(four, 0);
	attach(four, 4);
	attach(eight, 16);
	protect(18, 2, R);
	protect(18, 2, RW);
	attach(half, 32);
	unmap(36, 4);
	attach(gone, 48);
	must(shmdt(at(48)) == 0, "shmdt");
	mapAnon(48, 4, RW);
	shmctl(four, IPC_RMID, NULL);
	shmctl(eight, IPC_RMID, NULL);
	shmctl(half, IPC_RMID, NULL);
	shmctl(gone, IPC_RMID, NULL);
	return 0;
}
