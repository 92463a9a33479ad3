/* SPDX-License-Identifier: MIT */
/* lock-all: mlockall now and for the future, and munlockall.
 *
 * Rule: MCL_CURRENT locks every VMA but the special ones, MCL_FUTURE gives new mappings LOCKED; a mapping made in between differs from
 * one made after, until munlockall takes the flag from all, and what fits joins again. The final smaps has `lo` nowhere in the arena but
 * in the last mapping, which was locked by itself; [0,4)[4,8)[8,12) were written apart, with other flags, and stay three;
 * [16,24) was never written and joins. */
#include "demo.h"

int main(void)
{
	mapAnon(0, 4, RW);
	must(mlockall(MCL_CURRENT) == 0, "mlockall");
	mapAnon(4, 4, RW);
	must(mlockall(MCL_FUTURE) == 0, "mlockall");
	mapAnon(8, 4, RW);
	mapAnon(16, 4, R);
	must(munlockall() == 0, "munlockall");
	mapAnon(20, 4, R);
	mapAnon(32, 4, RW);
	must(mlock(at(32), 2 * PAGE) == 0, "mlock");
	return 0;
}
