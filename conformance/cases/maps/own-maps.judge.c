/* Reads its own maps in every way, between calls that change them. A child reads its own, and its parent the child's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char buf[1 << 16];

static void whole(const char *path, int at_once)
{
	int fd = open(path, O_RDONLY);
	while (read(fd, buf, at_once) > 0)
		;
	close(fd);
}

static void *thread(void *arg)
{
	whole("/proc/thread-self/maps", 4096);
	return arg;
}

int main(void)
{
	char *a = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	whole("/proc/self/maps", 65536);
	mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	whole("/proc/self/smaps", 4096);
	whole("/proc/self/maps", 100);
	char path[99];
	sprintf(path, "/proc/%d/maps", getpid());
	whole(path, 1024);

	int fd = open("/proc/self/maps", O_RDONLY);
	pread(fd, buf, 300, 0);
	pread(fd, buf, 4096, 0);
	read(fd, buf, 512);
	lseek(fd, 0, SEEK_SET);
	struct iovec two[2] = { { buf, 10 }, { buf + 10, 4086 } };
	while (readv(fd, two, 2) > 0)
		;
	close(fd);

	/* Line by line, and the fourth line finds another mapping made: what stdio and the kernel hold ready is older. */
	FILE *f = fopen("/proc/self/maps", "r");
	char *line = 0;
	size_t size = 0;
	for (int n = 0; getline(&line, &size, f) > 0; n++)
		if (n == 3)
			mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fclose(f);

	fd = open("/proc/self/pagemap", O_RDONLY);
	pread(fd, buf, 64, (long)a / 4096 * 8);
	close(fd);

	pthread_t t;
	pthread_create(&t, 0, thread, 0);
	pthread_join(t, 0);
	int pid = fork();
	if (pid == 0) {
		munmap(a, 4096);
		whole("/proc/self/maps", 4096);
		_exit(0);
	}
	waitid(P_PID, pid, 0, WEXITED | WNOWAIT);
	sprintf(path, "/proc/%d/maps", getpid());
	whole(path, 4096);
	waitpid(pid, 0, 0);
	return 0;
}
