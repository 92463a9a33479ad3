/* SPDX-License-Identifier: MIT */
/* Helpers of the recorded programs. They map at fixed pages of an arena that nothing else uses, so that the final
 * smaps can be read by eye, and write the first byte of every writable private mapping at once: that is what the
 * replay assumption `on-map` says, and the kernel gives such a VMA an anon_vma there and then. */
#ifndef DEMO_H
#define DEMO_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define R PROT_READ
#define RW (PROT_READ | PROT_WRITE)
#define RX (PROT_READ | PROT_EXEC)
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)
#define NONE PROT_NONE

/* Newer than some C libraries; the numbers are the kernel's. */
#define GUARD_INSTALL 102
#define GUARD_REMOVE 103

static inline void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		_exit(1);
	}
}

/* Page n of the arena: 0x100000000000 lies between the heap and the libraries. */
static inline char *at(long page)
{
	return (char *)0x100000000000 + page * PAGE;
}

static inline char *mapWith(long page, long pages, int prot, int flags, int fd, long pgoff)
{
	char *got = mmap(at(page), (size_t)(pages * PAGE), prot, flags | MAP_FIXED, fd, pgoff * PAGE);
	must(got == at(page), "mmap");
	if (prot & PROT_WRITE && flags & MAP_PRIVATE)
		*got = 1;
	return got;
}

static inline char *mapAnon(long page, long pages, int prot)
{
	return mapWith(page, pages, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static inline void protect(long page, long pages, int prot)
{
	must(mprotect(at(page), (size_t)(pages * PAGE), prot) == 0, "mprotect");
	if (prot & PROT_WRITE)
		*at(page) = 1;
}

static inline void unmap(long page, long pages)
{
	must(munmap(at(page), (size_t)(pages * PAGE)) == 0, "munmap");
}

static inline void advise(long page, long pages, int advice)
{
	must(madvise(at(page), (size_t)(pages * PAGE), advice) == 0, "madvise");
}

static inline void move(long page, long pages, long newPage)
{
	void *got = mremap(at(page), (size_t)(pages * PAGE), (size_t)(pages * PAGE), MREMAP_MAYMOVE | MREMAP_FIXED, at(newPage));
	must(got == at(newPage), "mremap");
}

/* A file of so many pages, which is gone when the program ends. */
static inline int makeFile(const char *path, long pages)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0 && ftruncate(fd, pages * PAGE) == 0, path);
	return fd;
}

static inline void waitFor(pid_t child)
{
	int status;
	must(waitpid(child, &status, 0) == child && status == 0, "waitpid");
}

#endif
