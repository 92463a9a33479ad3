/* SPDX-License-Identifier: MIT */
/* Output in a static buffer: a line is written whole, by whichever process of the scenario has its turn. */
#include "prober.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char buffer[1 << 19];
static size_t used;

void outBytes(const char *bytes, size_t length)
{
	if (length > sizeof buffer - used)
		die("a step's output is too long");
	memcpy(buffer + used, bytes, length);
	used += length;
}

void out(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(buffer + used, sizeof buffer - used, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof buffer - used)
		die("a step's output is too long");
	used += (size_t)n;
}

void outFlush(int fd)
{
	for (size_t at = 0; at < used;) {
		ssize_t n = write(fd, buffer + at, used - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(3);
		at += (size_t)n;
	}
	used = 0;
}

void die(const char *what)
{
	char line[256];
	int n = errno ? snprintf(line, sizeof line, "prober: %s (errno %d, %s)\n", what, errno, errnoName(errno))
		      : snprintf(line, sizeof line, "prober: %s\n", what);
	if (write(2, line, (size_t)n) < 0)
		_exit(4);
	_exit(2);
}

const char *errnoName(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{EPERM, "EPERM"},     {ENOENT, "ENOENT"}, {EINTR, "EINTR"},           {EIO, "EIO"},         {EBADF, "EBADF"},
		{EAGAIN, "EAGAIN"},   {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"},         {EFAULT, "EFAULT"},   {EBUSY, "EBUSY"},
		{EEXIST, "EEXIST"},   {ENODEV, "ENODEV"}, {EINVAL, "EINVAL"},         {ENFILE, "ENFILE"},   {EMFILE, "EMFILE"},
		{ENOSPC, "ENOSPC"},   {ERANGE, "ERANGE"}, {ENOSYS, "ENOSYS"},         {ESRCH, "ESRCH"},     {E2BIG, "E2BIG"},
		{ENOTTY, "ENOTTY"},   {ENXIO, "ENXIO"},   {EOPNOTSUPP, "EOPNOTSUPP"}, {EOVERFLOW, "EOVERFLOW"},
		{EHWPOISON, "EHWPOISON"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].error == error)
			return names[i].name;
	return "errno not named";
}
