/* SPDX-License-Identifier: MIT */
/* Three open files a scenario: file0, file1, and file0b, which is file0 opened again through a hard link. */
#include "prober.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int files[3];
static const char *const fileNames[3] = {"file0", "file1", "file0b"};

/* Objects without a path of ours, numbered in the order in which a listing first shows them. */
static struct {
	bool sysv;
	unsigned long inode;
} objects[1024];
static int objectCount;

static int createFile(const char *path, int firstByte)
{
	static char page[PAGE];
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		die(path);
	for (int i = 0; i < FILE_PAGES; i++) {
		page[0] = (char)(firstByte + i % 64);
		if (pwrite(fd, page, PAGE, (off_t)(i * PAGE)) != (ssize_t)PAGE)
			die("write of a file");
	}
	return fd;
}

void openFiles(void)
{
	const char *parent = getenv("PROBER_TMPFS");
	char directory[128], path[3][160];
	snprintf(directory, sizeof directory, "%s/vma-prober-XXXXXX", parent ? parent : "/dev/shm");
	if (!mkdtemp(directory))
		die("mkdtemp");
	for (int i = 0; i < 3; i++)
		snprintf(path[i], sizeof path[i], "%s/%s", directory, fileNames[i]);
	files[0] = createFile(path[0], 64);
	files[1] = createFile(path[1], 128);
	if (link(path[0], path[2]) < 0 || (files[2] = open(path[2], O_RDWR | O_CLOEXEC)) < 0)
		die("link of file0b");
	for (int i = 0; i < 3; i++)
		unlink(path[i]);
	rmdir(directory);
}

int fileOf(const char *backing)
{
	for (int i = 0; i < 3; i++)
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
	for (int i = 0; base && i < 3; i++) {
		size_t length = strlen(fileNames[i]);
		if (strncmp(base + 1, fileNames[i], length) == 0 && (base[1 + length] == 0 || base[1 + length] == ' '))
			return fileNames[i];
	}
	die("a mapping of an unknown file is in the arena");
}
