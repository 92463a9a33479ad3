/* SPDX-License-Identifier: MIT */
/* sample: one call of each kind that a memory log holds, the refused ones too, a thread, two children, two signals.
 * Static, so that the log is short. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define SET_VMA 0x53564d41
#define NR_MSEAL 462

static char *const base = (char *)0x100000000000;

static char *map(long page, long pages, int prot, int flags, int fd)
{
	return mmap(base + page * PAGE, (size_t)pages * PAGE, prot, flags | MAP_FIXED, fd, 0);
}

static void flags(void)
{
	int fd = open("/tmp/demo-sample", O_RDWR | O_CREAT | O_TRUNC, 0600);
	unlink("/tmp/demo-sample");
	ftruncate(fd, 8 * PAGE);
	map(0, 8, RW, ANON, -1);
	map(16, 8, RW, MAP_SHARED, fd);
	map(32, 8, PROT_NONE, ANON | MAP_NORESERVE | MAP_STACK, -1);
	map(48, 4, RW, MAP_SHARED | MAP_ANONYMOUS, -1);
	map(56, 1, RW, MAP_ANONYMOUS | 0x08, -1); /* MAP_DROPPABLE */
	map(60, 2, RW, ANON | MAP_GROWSDOWN | MAP_LOCKED | MAP_POPULATE, -1);
	mmap(base, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0); /* EEXIST */
	mmap(base, 0, RW, ANON, -1, 0);				 /* EINVAL */
	mmap(NULL, PAGE, RW, MAP_SHARED, 99, 0);		 /* EBADF */
	close(fd);
}

static void changes(void)
{
	mprotect(base + 2 * PAGE, PAGE, PROT_READ | PROT_EXEC);
	mprotect(base + 12 * PAGE, PAGE, PROT_READ); /* ENOMEM */
	madvise(base, PAGE, MADV_DONTNEED);
	madvise(base, PAGE, MADV_DONTFORK);
	madvise(base, PAGE, 102); /* MADV_GUARD_INSTALL */
	madvise(base, PAGE, 103); /* MADV_GUARD_REMOVE */
	madvise(base, PAGE, 99);  /* EINVAL */
	mlock(base + 4 * PAGE, PAGE);
	mlock2(base + 5 * PAGE, PAGE, MLOCK_ONFAULT);
	munlock(base + 4 * PAGE, PAGE);
	mlockall(MCL_CURRENT | MCL_ONFAULT);
	munlockall();
	mremap(base + 6 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	mremap(base + 4 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 80 * PAGE);
	mremap(base + 3 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	prctl(SET_VMA, 0UL, base, PAGE, "name");
	syscall(NR_MSEAL, base + 48 * PAGE, PAGE, 0L);
	munmap(base + 48 * PAGE, PAGE); /* EPERM */
	munmap(base + 17 * PAGE, PAGE);
	brk((char *)sbrk(0) + 3 * PAGE);
	int segment = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	shmdt(shmat(segment, NULL, 0));
	shmctl(segment, IPC_RMID, NULL);
}

static void *thread(void *arg)
{
	map(96, 2, RW, ANON, -1);
	return arg;
}

static void onUser(int signal)
{
	(void)signal;
}

int main(void)
{
	pthread_t other;
	struct rlimit noCore = {0, 0};
	setrlimit(RLIMIT_CORE, &noCore);
	signal(SIGUSR1, onUser);
	flags();
	changes();
	pthread_create(&other, NULL, thread, NULL);
	pthread_join(other, NULL);
	raise(SIGUSR1);
	if (fork() == 0) {
		map(104, 1, RW, ANON, -1);
		_exit(7);
	}
	wait(NULL);
	if (vfork() == 0) {
		char *const arguments[] = {"true", NULL};
		execv("/bin/true", arguments);
		_exit(1);
	}
	wait(NULL);
	if (fork() == 0)
		*(volatile char *)8 = 1; /* SIGSEGV */
	wait(NULL);
	return 3;
}
