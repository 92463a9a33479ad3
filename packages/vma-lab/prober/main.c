/* SPDX-License-Identifier: MIT */
/* Reads scenarios, runs each in a fresh process, and prints a JSON line a step and `end` after each scenario. */
#define _GNU_SOURCE
#include "prober.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define STACK_LIMIT (8UL << 20)

static struct scenario scenario;

/* The layout of the address space is fixed at exec: no randomness, top-down. */
static void ensureLayout(char **argv)
{
	struct rlimit limit;
	int now = personality(0xffffffff);
	getrlimit(RLIMIT_STACK, &limit);
	if (now & ADDR_NO_RANDOMIZE && limit.rlim_cur == STACK_LIMIT)
		return;
	if (getenv("PROBER_EXEC"))
		die("the address space layout cannot be fixed here");
	limit.rlim_cur = STACK_LIMIT;
	if (personality((unsigned long)now | ADDR_NO_RANDOMIZE) < 0 || setrlimit(RLIMIT_STACK, &limit) < 0 || setenv("PROBER_EXEC", "1", 1) < 0)
		die("personality or setrlimit");
	execv("/proc/self/exe", argv);
	die("execv");
}

/* The frame of the shared zero page tells it from other pages; 0 where frame numbers are not shown, which only root sees. */
static uint64_t zeroPage(void)
{
	volatile char *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)*page;
	uint64_t frame = pagemapEntry((uintptr_t)page) & ((1UL << 55) - 1);
	munmap((void *)page, PAGE);
	return frame;
}

/* Touches every static buffer and 256 kB of stack: no step needs a new page table for the prober itself. */
static void __attribute__((noinline)) touchOwnMemory(void)
{
	extern volatile char __bss_start[], _end[];
	volatile char room[256 << 10];
	for (size_t i = 0; i < sizeof room; i += PAGE)
		room[i] = 0;
	for (volatile char *at = __bss_start; at < _end; at += PAGE)
		*at = *at;
}

static void runInChild(bool probe)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		die("socketpair");
	pid_t child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		close(pair[0]);
		controlSocket = pair[1];
		if (probe)
			printFeatures();
		else
			runScenario(&scenario);
		superviseSend(controlSocket, &(struct message){.kind = MSG_DONE}, NULL, 0);
		_exit(0);
	}
	supervise(pair[0], pair[1]);
}

int main(int argc, char **argv)
{
	bool probe;
	(void)argc;
	ensureLayout(argv);
	touchOwnMemory();
	stateInit(zeroPage());
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		die("prctl");
	while (readScenario(&scenario, &probe)) {
		runInChild(probe);
		out("end\n");
		outFlush(1);
	}
	return 0;
}
