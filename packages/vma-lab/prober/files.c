/* SPDX-License-Identifier: MIT */
/* The open files of a scenario: file0, file1; file0b and file0r, which are file0 opened again through hard links; memfd0, a memfd. */
#define _GNU_SOURCE
#include "prober.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILES = 5, ON_DISK = 4 };
static int files[FILES];
static const char *const fileNames[FILES] = {"file0", "file1", "file0b", "file0r", "memfd0"};

/* Objects without a path of ours, numbered in the order in which a listing first shows them. */
static struct {
	bool sysv;
	unsigned long inode;
} objects[1024];
static int objectCount;

static void fill(int fd, int firstByte)
{
	static char page[PAGE];
	for (int i = 0; i < FILE_PAGES; i++) {
		page[0] = (char)(firstByte + i % 64);
		if (pwrite(fd, page, PAGE, (off_t)(i * PAGE)) != (ssize_t)PAGE)
			die("write of a file");
	}
}

static int createFile(const char *path, int firstByte)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		die(path);
	fill(fd, firstByte);
	return fd;
}

static int openedAgain(const char *path, const char *as, int flags)
{
	int fd = link(path, as) < 0 ? -1 : open(as, flags | O_CLOEXEC);
	if (fd < 0)
		die(as);
	return fd;
}

void openFiles(void)
{
	const char *parent = getenv("PROBER_TMPFS");
	char directory[128], path[ON_DISK][160];
	snprintf(directory, sizeof directory, "%s/vma-prober-XXXXXX", parent ? parent : "/dev/shm");
	if (!mkdtemp(directory))
		die("mkdtemp");
	for (int i = 0; i < ON_DISK; i++)
		snprintf(path[i], sizeof path[i], "%s/%s", directory, fileNames[i]);
	files[0] = createFile(path[0], 64);
	files[1] = createFile(path[1], 128);
	files[2] = openedAgain(path[0], path[2], O_RDWR);
	files[3] = openedAgain(path[0], path[3], O_RDONLY);
	files[4] = memfd_create(fileNames[4], MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (files[4] < 0)
		die("memfd_create");
	fill(files[4], 192);
	for (int i = 0; i < ON_DISK; i++)
		unlink(path[i]);
	rmdir(directory);
}

int fileOf(const char *backing)
{
	for (int i = 0; i < FILES; i++)
		if (is(fileNames[i], backing))
			return files[i];
	return -1;
}

static const char *numbered(bool sysv, unsigned long inode, char *buffer, size_t size)
{
	int n = 0;
	while (n < objectCount && !(objects[n].sysv == sysv && objects[n].inode == inode))
		n++;
	if (n == objectCount) {
		if (n == (int)(sizeof objects / sizeof *objects))
			die("too many shared objects");
		objects[n].sysv = sysv;
		objects[n].inode = inode;
		objectCount++;
	}
	snprintf(buffer, size, "%s%d", sysv ? "sysv" : "shm", n);
	return buffer;
}

/* The backing of a mapping with this path in /proc/self/smaps; NULL where it has none (anonymous memory). */
const char *backingOfPath(const char *path, char *buffer, size_t size, unsigned long inode)
{
	if (!*path || *path == '[')
		return inode ? numbered(false, inode, buffer, size) : NULL;
	if (strncmp(path, "/SYSV", 5) == 0)
		return numbered(true, inode, buffer, size);
	if (strncmp(path, "/dev/zero", 9) == 0)
		return numbered(false, inode, buffer, size);
	const char *base = strrchr(path, '/');
	if (base && strncmp(base, "/memfd:", 7) == 0)
		base += 6;
	for (int i = 0; base && i < FILES; i++) {
		size_t length = strlen(fileNames[i]);
		if (strncmp(base + 1, fileNames[i], length) == 0 && (base[1 + length] == 0 || base[1 + length] == ' '))
			return fileNames[i];
	}
	die("a mapping of an unknown file is in the arena");
}
