/* SPDX-License-Identifier: MIT */
/* The line form of scenarios: words separated by single spaces, a field is key=value. */
#include "prober.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT = 1 << 16, TEXT = 1 << 17 };

static char input[INPUT];
static size_t inputLength, inputAt;
static char words[TEXT]; /* the lines of the current scenario: fields point into it */
static size_t wordsUsed;

bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int nextByte(void)
{
	if (inputAt == inputLength) {
		ssize_t got = read(0, input, sizeof input);
		if (got <= 0)
			return -1;
		inputLength = (size_t)got;
		inputAt = 0;
	}
	return (unsigned char)input[inputAt++];
}

/* The next line, kept until the scenario ends; NULL at the end of the input. */
static char *nextLine(void)
{
	char *line = words + wordsUsed;
	for (;;) {
		int c = nextByte();
		if (c < 0 && words + wordsUsed == line)
			return NULL;
		if (wordsUsed == sizeof words)
			die("scenario too long");
		if (c < 0 || c == '\n') {
			words[wordsUsed++] = 0;
			return line;
		}
		words[wordsUsed++] = (char)c;
	}
}

/* Splits "kind key=value ..." in place. */
static void parseLine(char *line, struct op *op)
{
	char *at = strchr(line, ' ');
	op->kind = line;
	op->fields = 0;
	while (at) {
		*at++ = 0;
		char *equals = strchr(at, '=');
		if (!equals || op->fields == MAX_FIELDS)
			die("a field is not key=value, or there are too many");
		*equals = 0;
		op->field[op->fields].key = at;
		op->field[op->fields].value = equals + 1;
		op->fields++;
		at = strchr(equals + 1, ' ');
	}
}

bool has(const struct op *op, const char *key)
{
	return text(op, key, NULL) != NULL;
}

const char *text(const struct op *op, const char *key, const char *otherwise)
{
	for (int i = 0; i < op->fields; i++)
		if (is(op->field[i].key, key))
			return op->field[i].value;
	return otherwise;
}

long number(const struct op *op, const char *key, long otherwise)
{
	const char *value = text(op, key, NULL);
	if (!value)
		return otherwise;
	char *end;
	long n = strtol(value, &end, 10);
	if (end == value || *end)
		die("a number was expected");
	return n;
}

bool readScenario(struct scenario *sc, bool *probe)
{
	struct op head;
	wordsUsed = 0;
	*sc = (struct scenario){0};
	*probe = false;
	char *line = nextLine();
	if (!line)
		return false;
	parseLine(line, &head);
	if (is(head.kind, "probe")) {
		*probe = true;
		return true;
	}
	if (!is(head.kind, "scenario"))
		die("expected: scenario");
	sc->format = (int)number(&head, "format", 1);
	sc->span = number(&head, "span", 64);
	sc->reserve = number(&head, "reserve", 0) != 0;
	while ((line = nextLine())) {
		if (is(line, "run"))
			break;
		parseLine(line, &head);
		if (is(head.kind, "window")) {
			if (sc->windows == MAX_WINDOWS)
				die("too many windows");
			sc->window[sc->windows++] = (struct window){text(&head, "name", ""), number(&head, "page", 0), number(&head, "pages", 0)};
		} else {
			if (sc->ops == MAX_OPS)
				die("too many ops");
			sc->op[sc->ops++] = head;
		}
	}
	if (!line)
		die("the input ends within a scenario");
	if (!sc->windows)
		sc->window[0] = (struct window){NULL, 0, sc->span};
	return true;
}
