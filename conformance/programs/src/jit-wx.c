/* SPDX-License-Identifier: MIT */
/* jit-wx: a code generator that never has memory writable and executable at once.
 *
 * Rule: flags, VM_ACCOUNT among them. Memory gains ACCOUNT when it becomes writable, and keeps it once it has an anon_vma. So
 * compiled code (r-x, ac) never joins untouched read-only or PROT_NONE memory again, whatever its protection.
 * Final VMAs of the arena, in pages:
 *
 *   [0,16)           a code cache mapped rw, sealed r-x page by page, patched and sealed again: one VMA at the end
 *   [32,36)[36,48)   a PROT_NONE reserve, 4 pages compiled in order: r-x ac, and the rest without ac
 *   [48,52)[52,64)   the same, the code given up again (PROT_NONE, ac): still two. Without ACCOUNT kept: [48,64)
 *   [80,82)[82,88)   two caches of separate histories, the gap between them compiled last: its first write took over the anon_vma of the right
 *                    one, so it joins that one only. Without the rule: [80,88)
 *   [96,104) [112,120) one shared file mapped rw and r-x: same object, two views */
#include "demo.h"

typedef int (*Function)(void);

/* mov eax, value; ret */
static void emit(long page, int value)
{
	unsigned char *code = (unsigned char *)at(page);
	code[0] = 0xb8;
	memcpy(code + 1, &value, 4);
	code[5] = 0xc3;
}

static void compile(long page, int value)
{
	protect(page, 1, RW);
	emit(page, value);
	protect(page, 1, RX);
	must(((Function)(void *)at(page))() == value, "generated code");
}

int main(void)
{
	mapAnon(0, 16, RW);
	for (int i = 0; i < 16; i++) {
		emit(i, i);
		protect(i, 1, RX);
	}
	for (int i = 3; i < 16; i += 4)
		compile(i, i + 100);

	mapAnon(32, 16, NONE);
	for (int i = 32; i < 36; i++)
		compile(i, i);

	mapAnon(48, 16, NONE);
	for (int i = 48; i < 52; i++)
		compile(i, i);
	protect(48, 4, NONE);

	mapAnon(80, 2, NONE);
	compile(80, 1);
	compile(81, 1);
	mapAnon(84, 4, NONE);
	for (int i = 84; i < 88; i++)
		compile(i, i);
	mapAnon(82, 2, RW);
	emit(82, 2);
	emit(83, 3);
	protect(82, 2, RX);

	int fd = memfd_create("code", 0);
	must(fd >= 0 && ftruncate(fd, 8 * PAGE) == 0, "memfd");
	mapWith(96, 8, RW, MAP_SHARED, fd, 0);
	mapWith(112, 8, RX, MAP_SHARED, fd, 0);
	emit(96, 7);
	must(((Function)(void *)at(112))() == 7, "generated code");
	return 0;
}
