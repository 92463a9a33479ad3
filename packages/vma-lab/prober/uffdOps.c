/* SPDX-License-Identifier: MIT */
/* userfaultfd: up to four a process, opened at first use with the features the op asks for. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some kernel headers. */
#define FEATURE_WP_UNPOPULATED (1UL << 13)
#define FEATURE_WP_ASYNC (1UL << 15)
#define FEATURE_RWP (1UL << 17)

static struct {
	bool open;
	int fd;
} uffd[UFFDS];

static bool everOpened;

/* The supervisor holds each userfaultfd too, to read its events. */
static void tellSupervisor(int kind, int n)
{
	struct message message = {.kind = kind, .uffd = n, .owner = getpid()};
	superviseSend(controlSocket, &message, &uffd[n].fd, kind == MSG_OPENED ? 1 : 0);
	if (superviseReceive(controlSocket, &message, NULL) < 0)
		die("the supervisor is gone");
}

/* What UFFDIO_API offers; 0 where there is no userfaultfd. */
unsigned long uffdFeatures(void)
{
	struct uffdio_api api = {.api = UFFD_API};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0)
		return 0;
	int result = ioctl(fd, UFFDIO_API, &api);
	close(fd);
	return result < 0 ? 0 : api.features;
}

/* Returns 0, or -1 with errno. */
static int ensureOpen(const struct op *op, int n)
{
	if (n < 0 || n >= UFFDS)
		die("a userfaultfd's number is 0 to 3");
	if (uffd[n].open)
		return 0;
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_SIGBUS | UFFD_FEATURE_PAGEFAULT_FLAG_WP};
	if (number(op, "eventFork", 0))
		api.features |= UFFD_FEATURE_EVENT_FORK;
	if (number(op, "eventRemap", 0))
		api.features |= UFFD_FEATURE_EVENT_REMAP;
	if (number(op, "unpopulated", 0))
		api.features |= FEATURE_WP_UNPOPULATED;
	if (number(op, "async", 0))
		api.features |= FEATURE_WP_ASYNC;
	if (number(op, "rwp", 0))
		api.features |= FEATURE_RWP;
	if (ioctl(fd, UFFDIO_API, &api) < 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	uffd[n].open = true;
	uffd[n].fd = fd;
	everOpened = true;
	tellSupervisor(MSG_OPENED, n);
	return 0;
}

/* In a forked child: the parent's contexts are not its own; the supervisor has those that fork events made. */
void uffdAfterFork(void)
{
	if (!everOpened)
		return;
	for (int n = 0; n < UFFDS; n++) {
		if (uffd[n].open)
			close(uffd[n].fd);
		uffd[n].open = false;
	}
	struct message message = {.kind = MSG_CHILD, .owner = getpid()};
	int fds[UFFDS];
	superviseSend(controlSocket, &message, NULL, 0);
	int count = superviseReceive(controlSocket, &message, fds);
	if (count < 0)
		die("the supervisor is gone");
	for (int i = 0; i < count; i++) {
		uffd[message.which[i]].open = true;
		uffd[message.which[i]].fd = fds[i];
	}
}

static void closeOp(int n)
{
	if (uffd[n].open) {
		close(uffd[n].fd);
		uffd[n].open = false;
		tellSupervisor(MSG_CLOSE, n);
	}
	out("\"res\":\"ok\"");
}

static uint64_t modeOf(const char *mode)
{
	return (strstr(mode, "missing") ? UFFDIO_REGISTER_MODE_MISSING : 0) |
	       (is(mode, "wp") || is(mode, "wp+missing") ? UFFDIO_REGISTER_MODE_WP : 0);
}

/* `done` after an error: the pages that were done before it. */
static void printCopyResult(int result, int64_t done)
{
	printResult(result);
	if (result < 0 && done > 0)
		out(",\"done\":%ld", (long)(done / (int64_t)PAGE));
}

static void copyOp(int fd, struct uffdio_range range, int step, bool wp)
{
	static unsigned char source[UFFD_COPY_PAGES * PAGE] __attribute__((aligned(4096)));
	if (range.len > sizeof source)
		die("too many pages to copy");
	for (size_t at = 0; at < range.len; at += PAGE)
		source[at] = (unsigned char)(step % 63 + 1);
	struct uffdio_copy copy = {.dst = range.start, .src = (uintptr_t)source, .len = range.len, .mode = wp ? UFFDIO_COPY_MODE_WP : 0};
	int result = ioctl(fd, UFFDIO_COPY, &copy);
	printCopyResult(result, copy.copy);
}

/* Read-write protection came with 7.3, on which this prober has not run: elsewhere the kernel knows neither the
 * mode nor the ioctl, which is EINVAL. */
static void printNoRwp(void)
{
	bool offered = uffdFeatures() & FEATURE_RWP;
	out("\"res\":\"%s\"", offered ? "UNSUPPORTED" : "EINVAL");
}

bool uffdOp(const struct op *op, int step)
{
	if (strncmp(op->kind, "uffd_", 5) != 0)
		return false;
	const char *kind = op->kind + 5;
	int n = (int)number(op, "uffd", 0);
	struct uffdio_range range = {(uintptr_t)pageAddress(number(op, "page", 0)), (uint64_t)number(op, "pages", 0) * PAGE};
	if (is(kind, "close")) {
		closeOp(n);
		return true;
	}
	if (ensureOpen(op, n) < 0) {
		printResult(-1);
		out(",\"open\":false");
		return true;
	}
	int fd = uffd[n].fd;
	if (is(kind, "rwp") || is(text(op, "mode", ""), "rwp")) {
		printNoRwp();
	} else if (is(kind, "register")) {
		struct uffdio_register args = {.range = range, .mode = modeOf(text(op, "mode", ""))};
		printResult(ioctl(fd, UFFDIO_REGISTER, &args));
	} else if (is(kind, "unregister")) {
		printResult(ioctl(fd, UFFDIO_UNREGISTER, &range));
	} else if (is(kind, "wp")) {
		struct uffdio_writeprotect args = {.range = range, .mode = number(op, "on", 0) ? UFFDIO_WRITEPROTECT_MODE_WP : 0};
		printResult(ioctl(fd, UFFDIO_WRITEPROTECT, &args));
	} else if (is(kind, "copy")) {
		copyOp(fd, range, step, number(op, "wp", 0) != 0);
	} else if (is(kind, "zero")) {
		struct uffdio_zeropage args = {.range = range};
		int result = ioctl(fd, UFFDIO_ZEROPAGE, &args);
		printCopyResult(result, args.zeropage);
	} else {
		return false;
	}
	return true;
}
