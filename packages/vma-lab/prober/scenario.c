/* SPDX-License-Identifier: MIT */
/* Runs the steps of one scenario in this process, and after a fork in whichever process goes on. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long ownTables;   /* VmPTE before the first op */
static long childTables; /* VmPTE of a child forked before the first op */

/* The processes that stay, by name: parent, child, child2, ... Each knows those that were there when it was forked. */
static struct {
	char name[16];
	int pid;
} cast[MAX_OPS];
static int castSize;

static void joins(const char *name, int pid)
{
	snprintf(cast[castSize].name, sizeof cast->name, "%s", name);
	cast[castSize++].pid = pid;
}

static int find(const char *name)
{
	for (int i = 0; i < castSize; i++)
		if (is(cast[i].name, name))
			return i;
	return -1;
}

int processOf(const char *name)
{
	int at = name ? find(name) : -1;
	if (name && at < 0)
		die("a process of an unknown name");
	return name ? cast[at].pid : getpid();
}

/* The first of child, child2, child3, ... that no process has. */
static const char *nameOfChild(void)
{
	static char name[16];
	for (int n = 1;; n++) {
		snprintf(name, sizeof name, n == 1 ? "child" : "child%d", n);
		if (find(name) < 0)
			return name;
	}
}

/* A process that exits is no longer there. */
static void leaves(int pid)
{
	for (int i = 0; i < castSize; i++)
		if (cast[i].pid == pid)
			cast[i--] = cast[--castSize];
}

static void readyOrDie(int result)
{
	if (result < 0)
		die("pipe or fork");
}

/* Waits until the scenario is over, with everything left as it is. */
static void __attribute__((noreturn)) idle(void)
{
	struct pollfd hangup = {controlSocket, 0, 0};
	while (poll(&hangup, 1, -1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void waitForByte(int fd)
{
	char byte;
	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	close(fd);
}

/* Returns once the process has given up its address space. */
static void waitForExit(int pidfd)
{
	struct pollfd gone = {pidfd, POLLIN, 0};
	while (poll(&gone, 1, -1) < 0 && errno == EINTR)
		;
	close(pidfd);
}

static long measureChild(void)
{
	int pipes[2];
	long kb = 0;
	readyOrDie(pipe(pipes));
	pid_t child = fork();
	readyOrDie(child);
	if (child == 0) {
		uffdAfterFork();
		kb = tableKb();
		_exit(write(pipes[1], &kb, sizeof kb) == (ssize_t)sizeof kb ? 0 : 1);
	}
	close(pipes[1]);
	if (read(pipes[0], &kb, sizeof kb) != (ssize_t)sizeof kb)
		die("a forked child did not report");
	close(pipes[0]);
	waitpid(child, NULL, 0);
	return kb;
}

/* The child's report, as the parent's output goes on. */
static void copyReport(int fd)
{
	static char chunk[1 << 12];
	ssize_t got;
	while ((got = read(fd, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			outBytes(chunk, (size_t)got);
	close(fd);
}

/* Returns in the process that runs the next step. */
static void forkStep(const struct scenario *sc, const struct op *op)
{
	int report[2], go[2];
	bool childGoesOn = is(text(op, "continueIn", ""), "child"), childLives = number(op, "childLives", 0) != 0;
	bool parentExits = number(op, "parentExits", 0) != 0;
	int parentPid = getpid(), parent = (int)syscall(SYS_pidfd_open, parentPid, 0);
	readyOrDie(parent);
	readyOrDie(pipe(report));
	readyOrDie(pipe(go));
	pid_t child = fork();
	if (child == 0) {
		close(report[0]);
		close(go[1]);
		uffdAfterFork();
		ownTables = childTables;
		printState(sc, ownTables);
		outFlush(report[1]);
		close(report[1]);
		if (childLives)
			idle();
		waitForByte(go[0]);
		if (!childGoesOn)
			_exit(0);
		joins(nameOfChild(), getpid());
		if (parentExits) {
			waitForExit(parent);
			leaves(parentPid);
		} else
			close(parent);
		return;
	}
	int error = errno;
	close(parent);
	close(report[1]);
	close(go[0]);
	errno = error;
	out("{");
	printResult(child);
	out(",");
	printState(sc, ownTables);
	if (child > 0)
		out(",\"child\":{");
	copyReport(report[0]);
	out(child > 0 ? "}}\n" : "}\n");
	outFlush(1);
	close(go[1]); /* the child's wait ends */
	if (child > 0 && childGoesOn) {
		if (parentExits)
			_exit(0);
		idle();
	}
	if (child > 0 && childLives)
		joins(nameOfChild(), child);
	if (child > 0 && !childLives)
		waitpid(child, NULL, 0);
}

/*
 * Takes every protection key. Otherwise, where the processor has them, the kernel gives one to memory that is only
 * executable, and nothing can read it; the recorded kernels ran on processors without. Kernel: execute_only_pkey().
 */
static void takeProtectionKeys(void)
{
#ifdef SYS_pkey_alloc
	while (syscall(SYS_pkey_alloc, 0UL, 0UL) >= 0)
		;
#endif
}

void runScenario(const struct scenario *sc)
{
	takeProtectionKeys();
	openFiles();
	if (sc->reserve)
		reserveOutside(sc->span);
	ownTables = tableKb();
	childTables = measureChild();
	joins("parent", getpid());
	for (int i = 0; i < sc->ops; i++) {
		const struct op *op = &sc->op[i];
		if (is(op->kind, "fork")) {
			forkStep(sc, op);
			continue;
		}
		out("{");
		if (!memOp(sc, op) && !touchOp(op, i) && !heapOp(op) && !uffdOp(op, i))
			die("an op of an unknown kind");
		out(",");
		printState(sc, ownTables);
		out("}\n");
		outFlush(1);
	}
}
