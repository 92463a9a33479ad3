/* SPDX-License-Identifier: MIT */
/* Reads or writes pages one by one; a fault is noted and the walk goes on. */
#define _GNU_SOURCE
#include "prober.h"

#include <setjmp.h>
#include <signal.h>

enum { MAX_TOUCH = 4096 };

static sigjmp_buf faulted;
static volatile char faultLetter;
static char letters[MAX_TOUCH];
static int values[MAX_TOUCH];

static void onFault(int signal, siginfo_t *info, void *context)
{
	(void)context;
	faultLetter = signal == SIGBUS ? 'B' : info->si_code == SEGV_ACCERR ? 'P' : 'M';
	siglongjmp(faulted, 1);
}

/* The letter of FORMAT.md for one page's access; its byte in *value. */
static char touchPage(volatile unsigned char *page, bool write, int step, int *value)
{
	if (sigsetjmp(faulted, 0))
		return faultLetter;
	if (write)
		*page = (unsigned char)(step % 63 + 1);
	else
		*value = *page;
	return '.';
}

bool touchOp(const struct op *op, int step)
{
	if (!is(op->kind, "touch"))
		return false;
	struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO | SA_NODEFER};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	long page = number(op, "page", 0), pages = number(op, "pages", 1), stride = number(op, "stride", 1);
	bool write = is(text(op, "access", "read"), "write");
	char first = '.';
	if (pages > MAX_TOUCH)
		die("too many pages to touch");
	for (long i = 0; i < pages; i++) {
		letters[i] = touchPage(pageAddress(page + i * stride), write, step, &values[i]);
		if (first == '.')
			first = letters[i];
	}
	out("\"res\":\"%s\"", first == '.' ? "ok" : first == 'B' ? "SIGBUS" : "SIGSEGV");
	if (first != '.') {
		out(",\"faults\":\"");
		outBytes(letters, (size_t)pages);
		out("\"");
	}
	if (!write) {
		out(",\"vals\":[");
		for (long i = 0; i < pages; i++)
			if (letters[i] == '.')
				out("%s%d", i ? "," : "", values[i]);
			else
				out("%snull", i ? "," : "");
		out("]");
	}
	return true;
}
