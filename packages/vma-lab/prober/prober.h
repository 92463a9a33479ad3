/* SPDX-License-Identifier: MIT */
/* prober: performs a scenario on the running kernel and prints what happened. Shared declarations.
 *
 * Nothing here allocates: every buffer is static and touched before the first op, so that a scenario's process
 * has a small, constant set of mappings and page tables of its own. */
#ifndef PROBER_H
#define PROBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096UL
#define ARENA_BASE 0x200000000000UL
#define USER_END 0x7ffffffff000UL
#define FILE_PAGES 256

enum { MAX_OPS = 600, MAX_FIELDS = 16, MAX_WINDOWS = 16, UFFDS = 4, UFFD_COPY_PAGES = 64 };

/* One op: its kind, and its fields as text, `key=value`. Absent means the format's default. */
struct op {
	const char *kind;
	int fields;
	struct {
		const char *key, *value;
	} field[MAX_FIELDS];
};

/* Pages that are looked at one by one. name is NULL for the plain 64-page arena of format 1. */
struct window {
	const char *name;
	long first, pages;
};

struct scenario {
	int format;      /* 1 or 2: format 2 adds `wp` and `pt` to every state */
	long span;       /* pages of the arena */
	bool reserve;    /* every address outside the arena is taken */
	int windows, ops;
	struct window window[MAX_WINDOWS];
	struct op op[MAX_OPS];
};

/* input.c: the line form, described in README.md. */
bool readScenario(struct scenario *sc, bool *probe); /* false at the end of the input */
bool has(const struct op *op, const char *key);
const char *text(const struct op *op, const char *key, const char *otherwise);
long number(const struct op *op, const char *key, long otherwise);
bool is(const char *a, const char *b);

/* out.c: one JSON line at a time, in a static buffer. */
void out(const char *format, ...) __attribute__((format(printf, 1, 2)));
void outBytes(const char *bytes, size_t length);
void outFlush(int fd);
void die(const char *what) __attribute__((noreturn));
const char *errnoName(int error);

/* state.c: VMAs, pages, tables, as JSON fields. */
void stateInit(uint64_t zeroPfn);
bool framesAreShown(void);
void printState(const struct scenario *sc, long tableBaseline);
long tableKb(void); /* VmPTE */
long countVmas(void);
uint64_t pagemapEntry(uintptr_t address);

/* files.c: the scenario's files, fresh ones in a directory that is gone again at once. */
void openFiles(void);
int fileOf(const char *backing); /* -1: anonymous */
const char *backingOfPath(const char *path, char *buffer, size_t size, unsigned long inode);

/* memOps.c, heapOps.c, uffdOps.c, touch.c: run one op and print its result fields (`"res":...`).
 * Each returns false when the kind is not one of its own. */
bool memOp(const struct scenario *sc, const struct op *op);
bool heapOp(const struct op *op);
bool uffdOp(const struct op *op, int step);
bool touchOp(const struct op *op, int step);
void reserveOutside(long span);
long maxMapCount(void);
void *pageAddress(long page);
void printResult(long result); /* ok, or the name of errno when result is -1 */
void printPlace(const struct scenario *sc, uintptr_t address, size_t length);

/* uffdOps.c: what a forked child must do; what the kernel offers. */
void uffdAfterFork(void);
unsigned long uffdFeatures(void);

/* supervisor.c: reads the events of every userfaultfd while a scenario runs, so that nothing blocks. */
enum { MSG_OPENED = 1, MSG_CLOSE, MSG_CHILD, MSG_DONE };
struct message {
	int kind, uffd, owner, count;
	int which[UFFDS];
};
void supervise(int control, int controlOfChild);
void superviseSend(int control, const struct message *message, const int *fds, int count);
int superviseReceive(int control, struct message *message, int *fds); /* number of fds, -1 at the end */
extern int controlSocket;

/* scenario.c: returns in the process that ran the last step. */
void runScenario(const struct scenario *sc);
int processOf(const char *name); /* the pid of a process by its name; NULL: this one */

/* features.c: the fields of a recording's header. */
void printFeatures(void);

#endif
