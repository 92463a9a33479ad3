/* SPDX-License-Identifier: MIT */
/* forking-server: a parent with shared settings and private tables forks four workers and serves through them.
 *
 * Rule: a VMA that came by fork has an anon_vma of its own and a chain of two links, so that pieces which were split at the fork, or
 * are split and written afterwards, obey other rules than in the parent. Final VMAs of the arena, in pages:
 *
 *   parent   [0,16)             its table, split by mprotect before the forks, joined after them (one anon_vma throughout)
 *   worker   [0,4)[4,8)[8,16)   the same calls: each piece got its own anon_vma at the fork, so they never join again
 *   parent   [32,40)            mapped in two steps around the forks: joins
 *   worker   [32,36)[36,40)     the new half does not join the inherited one
 *   both     [64,80)            a shared table: no anon_vma, joins everywhere
 * A worker that is treated like its parent ends with fewer VMAs. */
#include "demo.h"

enum { WORKERS = 4 };

/* The calls that parent and workers both make after the fork. */
static void reload(void)
{
	protect(4, 4, RW);
	mapAnon(36, 4, RW);
	protect(68, 4, RW);
}

/* A request is a number of pages to work on; the answer is a byte. */
static void serve(int requests, int answers)
{
	unsigned char pages;
	reload();
	while (read(requests, &pages, 1) == 1 && pages) {
		mapAnon(96, pages, RW);
		protect(96, pages / 2, R);
		unmap(96, pages);
		must(write(answers, &pages, 1) == 1, "write");
	}
	mapAnon(96, 2, RW);
}

int main(void)
{
	int requests[WORKERS][2], answers[2];
	pid_t worker[WORKERS];
	mapAnon(0, 16, RW);
	protect(4, 4, R);
	mapAnon(32, 4, RW);
	mapWith(64, 16, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	protect(68, 4, R);
	must(pipe(answers) == 0, "pipe");
	for (int i = 0; i < WORKERS; i++) {
		must(pipe(requests[i]) == 0, "pipe");
		worker[i] = fork();
		if (worker[i] == 0) {
			serve(requests[i][0], answers[1]);
			_exit(0);
		}
	}
	for (unsigned char i = 0; i < 12; i++) {
		unsigned char pages = (unsigned char)(i + 2);
		must(write(requests[i % WORKERS][1], &pages, 1) == 1 && read(answers[0], &pages, 1) == 1, "request");
	}
	for (int i = 0; i < WORKERS; i++) {
		must(write(requests[i][1], "", 1) == 1, "write");
		waitFor(worker[i]);
	}
	reload();
	return 0;
}
