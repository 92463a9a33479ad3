/* SPDX-License-Identifier: MIT */
/* The state after a step: VMAs from /proc/self/smaps, pages from /proc/self/pagemap, tables from VmPTE. */
#include "prober.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bits of a pagemap entry. */
#define PM_SOFT_DIRTY (1UL << 55)
#define PM_EXCLUSIVE (1UL << 56)
#define PM_UFFD_WP (1UL << 57)
#define PM_GUARD (1UL << 58)
#define PM_FILE (1UL << 61)
#define PM_SWAP (1UL << 62)
#define PM_PRESENT (1UL << 63)
#define PM_PFN ((1UL << 55) - 1)

enum { MAX_VMAS = 4096, MAX_WINDOW = 1024 };

static struct {
	uintptr_t start, end;
} vmas[MAX_VMAS];
static int vmaCount;
static char text_[1 << 16];
static uint64_t entries[MAX_WINDOW];
static uint64_t zeroPagePfn;

void stateInit(uint64_t zeroPfn)
{
	zeroPagePfn = zeroPfn;
}

bool framesAreShown(void)
{
	return zeroPagePfn != 0;
}

static int openProc(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

/* Calls line() for each line until it says stop. The text lives in a static buffer. */
static void eachLine(const char *path, bool (*line)(char *line, void *with), void *with)
{
	int fd = openProc(path);
	size_t length = 0;
	for (;;) {
		ssize_t got = read(fd, text_ + length, sizeof text_ - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		text_[length] = 0;
		char *at = text_, *end;
		while ((end = strchr(at, '\n'))) {
			*end = 0;
			if (!line(at, with)) {
				close(fd);
				return;
			}
			at = end + 1;
		}
		length = (size_t)(text_ + length - at);
		memmove(text_, at, length);
	}
	close(fd);
}

struct listing {
	uintptr_t low, high;
	bool inside; /* the current mapping lies in the arena */
	char name[256];
};

/* One line of smaps: a mapping's head, or one of its attributes. */
static bool listLine(char *line, void *with)
{
	struct listing *list = with;
	unsigned long start, end, offset, inode;
	char perms[8], buffer[32];
	int path = 0;
	if (sscanf(line, "%lx-%lx %7s %lx %*x:%*x %lu %n", &start, &end, perms, &offset, &inode, &path) == 5) {
		if (start >= list->high)
			return false;
		list->inside = end > list->low;
		if (!list->inside)
			return true;
		if (vmaCount == MAX_VMAS)
			die("too many VMAs in the arena");
		const char *backing = backingOfPath(line + path, buffer, sizeof buffer, inode);
		out("%s[%lu,%lu,\"%s\",%lu,\"%s\"", vmaCount ? "," : "", (start - ARENA_BASE) / PAGE, (end - ARENA_BASE) / PAGE, perms,
		    offset / PAGE, backing ? backing : "anon");
		snprintf(list->name, sizeof list->name, "%s", line[path] == '[' ? line + path : "");
		vmas[vmaCount].start = start;
		vmas[vmaCount++].end = end;
	} else if (list->inside && strncmp(line, "VmFlags:", 8) == 0) {
		char *flags = line + 8;
		size_t length = strlen(flags);
		while (*flags == ' ')
			flags++, length--;
		while (length && flags[length - 1] == ' ')
			flags[--length] = 0;
		out(",\"%s\"", flags);
		if (*list->name)
			out(",\"%s\"", list->name);
		out("]");
	}
	return true;
}

static bool isMapped(uintptr_t address)
{
	for (int i = 0; i < vmaCount; i++)
		if (address >= vmas[i].start && address < vmas[i].end)
			return true;
	return false;
}

static char pageLetter(uintptr_t address, uint64_t entry)
{
	if (entry & PM_PRESENT) {
		if (zeroPagePfn && (entry & PM_PFN) == zeroPagePfn)
			return 'z';
		char letter = entry & PM_FILE ? 'f' : 'a';
		return entry & PM_EXCLUSIVE ? (char)(letter - 'a' + 'A') : letter;
	}
	if (entry & PM_GUARD)
		return 'G';
	if (entry & PM_SWAP)
		return entry & PM_UFFD_WP ? 'W' : 'S';
	return isMapped(address) ? '.' : ' ';
}

static void readPagemap(uintptr_t address, long pages)
{
	int fd = openProc("/proc/self/pagemap");
	ssize_t want = pages * 8;
	if (pages > MAX_WINDOW || pread(fd, entries, (size_t)want, (off_t)(address / PAGE * 8)) != want)
		die("pagemap");
	close(fd);
}

uint64_t pagemapEntry(uintptr_t address)
{
	readPagemap(address, 1);
	return entries[0];
}

static void printPages(const struct window *window)
{
	out("\"");
	for (long i = 0; i < window->pages; i++)
		out("%c", pageLetter(ARENA_BASE + (uintptr_t)(window->first + i) * PAGE, entries[i]));
	out("\"");
}

/* The window's pages that have the bit, as a hex mask: the first digit holds the last pages. */
static void printMask(const struct window *window, uint64_t bit)
{
	out("\"");
	for (long digit = (window->pages + 3) / 4 - 1; digit >= 0; digit--) {
		int value = 0;
		for (long i = 0; i < 4; i++)
			if (digit * 4 + i < window->pages && entries[digit * 4 + i] & bit)
				value |= 1 << i;
		out("%x", value);
	}
	out("\"");
}

static void printPerWindow(const struct scenario *sc, const char *name, uint64_t bit)
{
	out(",\"%s\":%s", name, sc->windows ? "{" : "");
	for (int i = 0; i < (sc->windows ? sc->windows : 1); i++) {
		const struct window *window = &sc->window[i];
		readPagemap(ARENA_BASE + (uintptr_t)window->first * PAGE, window->pages);
		if (window->name)
			out("%s\"%s\":", i ? "," : "", window->name);
		if (bit)
			printMask(window, bit);
		else
			printPages(window);
	}
	out("%s", sc->windows ? "}" : "");
}

void printState(const struct scenario *sc, long tableBaseline)
{
	struct listing list = {.low = ARENA_BASE, .high = ARENA_BASE + (uintptr_t)sc->span * PAGE};
	vmaCount = 0;
	out("\"vmas\":[");
	eachLine("/proc/self/smaps", listLine, &list);
	out("]");
	printPerWindow(sc, "pages", 0);
	printPerWindow(sc, "sd", PM_SOFT_DIRTY);
	if (sc->format >= 2) {
		printPerWindow(sc, "wp", PM_UFFD_WP);
		out(",\"pt\":%ld", tableKb() - tableBaseline);
	}
}

static bool tableLine(char *line, void *with)
{
	return sscanf(line, "VmPTE: %ld kB", (long *)with) != 1;
}

long tableKb(void)
{
	long kb = -1;
	eachLine("/proc/self/status", tableLine, &kb);
	return kb;
}

static bool countLine(char *line, void *with)
{
	if (!strstr(line, "[vsyscall]")) /* not a VMA: /proc adds it */
		++*(long *)with;
	return true;
}

long countVmas(void)
{
	long count = 0;
	eachLine("/proc/self/maps", countLine, &count);
	return count;
}
