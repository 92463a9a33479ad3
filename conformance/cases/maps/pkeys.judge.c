#define _GNU_SOURCE
#include <sys/mman.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#define P 4096L
static void snap(const char*f){char b[200];sprintf(b,"cat /proc/%d/smaps > %s",getpid(),f);system(b);}
int main(){
 snap("/tmp/pkeys.initial.smaps"); mprotect((void*)0x1000,0,0);
 int k1=pkey_alloc(0,0),k2=pkey_alloc(0,0);
 char*p=mmap((void*)0x200000000000,32*P,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0);
 pkey_mprotect(p+4*P,4*P,3,k1); pkey_mprotect(p+8*P,4*P,3,k1); pkey_mprotect(p+12*P,4*P,3,k2);
 mprotect(p+5*P,P,1); mprotect(p+5*P,P,3);
 mprotect(p+16*P,P,4); mprotect(p+17*P,P,4); mprotect(p+16*P,P,5);
 pkey_mprotect(p+20*P,P,3,9); pkey_mprotect(p+20*P,P,3,3); pkey_mprotect(p+20*P,P,3,0); pkey_mprotect(p+21*P,P,1,-1);
 pkey_free(k2); pkey_mprotect(p+22*P,P,3,k2);
 mmap(p+40*P,P,4,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0);
 mmap(p+41*P,P,4,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0);
 mprotect(p+41*P,P,3);
 pkey_mprotect(p+12*P,4*P,3,k1); pkey_mprotect(p+4*P,2*P,3,0);
 int k3=pkey_alloc(0,PKEY_DISABLE_WRITE); pkey_mprotect(p+24*P,P,3,k3);
 int q=fork(); if(!q){pkey_mprotect(p+25*P,P,3,k1);_exit(0);}
 sleep(1);
 snap("/tmp/pkeys.final.smaps"); _exit(0);}
