/* SPDX-License-Identifier: MIT */
/* While a scenario runs, another process must read the userfaultfd events: the calls that make them wait for it.
 * It speaks with the scenario's processes over one socket; only one of them has its turn at a time. */
#define _GNU_SOURCE
#include "prober.h"

#include <errno.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_HELD = 512 };

/* Every userfaultfd of the scenario. owner 0: made by a fork event, the child has not asked for it yet. */
static struct held {
	int fd, uffd, owner;
} held[MAX_HELD];
static int heldCount;

int controlSocket = -1;

void superviseSend(int control, const struct message *message, const int *fds, int count)
{
	char space[CMSG_SPACE(sizeof(int) * UFFDS)] = {0};
	struct iovec part = {(void *)message, sizeof *message};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
	if (count) {
		header.msg_control = space;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		*rights = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count)};
		memcpy(CMSG_DATA(rights), fds, sizeof(int) * (size_t)count);
	}
	if (sendmsg(control, &header, MSG_NOSIGNAL) != (ssize_t)sizeof *message)
		die("sendmsg");
}

int superviseReceive(int control, struct message *message, int *fds)
{
	char space[CMSG_SPACE(sizeof(int) * UFFDS)];
	struct iovec part = {message, sizeof *message};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
	ssize_t got;
	do
		got = recvmsg(control, &header, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof *message)
		return -1;
	struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
	if (!rights)
		return 0;
	int count = (int)((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(fds, CMSG_DATA(rights), sizeof(int) * (size_t)count);
	return count;
}

static void hold(int fd, int uffd, int owner)
{
	if (heldCount == MAX_HELD)
		die("too many userfaultfds");
	held[heldCount++] = (struct held){fd, uffd, owner};
}

static void readEvents(const struct held *from)
{
	struct uffd_msg event;
	while (read(from->fd, &event, sizeof event) == (ssize_t)sizeof event)
		if (event.event == UFFD_EVENT_FORK)
			hold((int)event.arg.fork.ufd, from->uffd, 0);
}

static void release(int uffd, int owner)
{
	for (int i = heldCount; i-- > 0;)
		if (held[i].uffd == uffd && held[i].owner == owner) {
			close(held[i].fd);
			held[i] = held[--heldCount];
		}
}

/* A child's own contexts: those that the fork events just made. */
static void giveToChild(int control, int child)
{
	struct message reply = {.kind = MSG_CHILD};
	int fds[UFFDS];
	for (int i = 0; i < heldCount; i++)
		if (held[i].owner == 0) {
			held[i].owner = child;
			reply.which[reply.count] = held[i].uffd;
			fds[reply.count++] = held[i].fd;
		}
	superviseSend(control, &reply, fds, reply.count);
}

/* Handles one message; false when the scenario is done. */
static bool answer(int control)
{
	struct message message;
	int fds[UFFDS];
	int count = superviseReceive(control, &message, fds);
	if (count < 0)
		die("a scenario ended before its last step");
	if (message.kind == MSG_DONE)
		return false;
	if (message.kind == MSG_CHILD) {
		giveToChild(control, message.owner);
		return true;
	}
	if (message.kind == MSG_OPENED)
		hold(fds[0], message.uffd, message.owner);
	else
		release(message.uffd, message.owner);
	superviseSend(control, &message, NULL, 0);
	return true;
}

/* Returns when the scenario is done and all its processes have ended. */
void supervise(int control, int controlOfChild)
{
	static struct pollfd polled[MAX_HELD + 1];
	close(controlOfChild);
	for (bool going = true; going;) {
		polled[0] = (struct pollfd){control, POLLIN, 0};
		int count = heldCount;
		for (int i = 0; i < count; i++)
			polled[i + 1] = (struct pollfd){held[i].fd, POLLIN, 0};
		if (poll(polled, (nfds_t)count + 1, -1) < 0 && errno != EINTR)
			die("poll");
		for (int i = 0; i < count; i++)
			if (polled[i + 1].revents & POLLIN)
				readEvents(&held[i]);
		if (polled[0].revents)
			going = answer(control);
	}
	close(control); /* waiting processes see it and exit */
	while (wait(NULL) > 0 || errno == EINTR)
		for (int i = 0; i < heldCount; i++)
			readEvents(&held[i]);
	for (int i = 0; i < heldCount; i++)
		close(held[i].fd);
	heldCount = 0;
}
