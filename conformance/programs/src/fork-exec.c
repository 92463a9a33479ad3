/* SPDX-License-Identifier: MIT */
/* fork-exec: children that exec, by fork and by posix_spawn, and one that does not.
 *
 * Rule: execve replaces the map, a child made by CLONE_VM|CLONE_VFORK changes its parent's until then. The replay must keep the maps of
 * the processes apart: the parent's [0,8) is one VMA at the end, the last child's [0,4)[4,8) two, and the children that exec'ed
 * have the map of another program. */
#include "demo.h"

#include <spawn.h>

int main(void)
{
	extern char **environ;
	char *const arguments[] = {"true", NULL};
	pid_t child;
	mapAnon(0, 4, RW);
	must((child = fork()) >= 0, "fork");
	if (child == 0) {
		mapAnon(4, 4, RWX); /* gone with the exec */
		execv("/bin/true", arguments);
		_exit(1);
	}
	waitFor(child);
	must(posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) == 0, "posix_spawn");
	waitFor(child);
	must((child = fork()) >= 0, "fork");
	if (child == 0) {
		mapAnon(4, 4, RW);
		_exit(0);
	}
	waitFor(child);
	mapAnon(4, 4, RW);
	return 0;
}
