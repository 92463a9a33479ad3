/* SPDX-License-Identifier: MIT */
/* thread-stacks: threads whose stack guards are PROT_NONE, with malloc arenas of their own, some ended and joined.
 *
 * Rule: access flags part neighbours. Each stack is two VMAs, guard and stack, and a guard never joins the stack below it; a
 * malloc arena is a committed part and a PROT_NONE rest, also two. Stacks of ended threads stay cached and mapped.
 * A model that forgets mprotect of the guard, or joins PROT_NONE with writable memory, ends with fewer VMAs. */
#include "demo.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ready;
static pthread_barrier_t forever;

static void *work(void *arg)
{
	char *volatile own = malloc(2000); /* the thread's arena */
	*own = 1;
	sem_post(&ready);
	if (arg)
		pthread_barrier_wait(&forever);
	free(own);
	return NULL;
}

int main(void)
{
	pthread_t thread[10];
	pthread_attr_t attributes;
	sem_init(&ready, 0, 0);
	pthread_barrier_init(&forever, NULL, 99);
	pthread_attr_init(&attributes);
	for (int i = 0; i < 10; i++) {
		pthread_attr_setstacksize(&attributes, (size_t)(i % 3 + 1) << 18);
		pthread_attr_setguardsize(&attributes, (size_t)(i % 4) * PAGE);
		must(pthread_create(&thread[i], &attributes, work, i % 2 ? &forever : NULL) == 0, "pthread_create");
		sem_wait(&ready); /* one at a time: the order of the calls is the order of the log */
		if (i % 2 == 0)
			pthread_join(thread[i], NULL);
	}
	_exit(0);
}
