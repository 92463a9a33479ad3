#include "snap.h"
#include <sys/shm.h>
int main(){
 BEGIN
 char*h=mmap(0,4<<20,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB,-1,0); h[0]=1; char*s=mmap(0,2<<20,3,MAP_SHARED|MAP_ANONYMOUS|MAP_HUGETLB|(21<<26),-1,0); s[0]=1; mprotect(h,2<<20,1); mprotect(h,P,3); munmap(h+(2<<20),2<<20); mremap(s,2<<20,2<<20,3,at(0x200000000000UL)); madvise(h,2<<20,MADV_DONTNEED); madvise(h,P,MADV_DONTFORK); mmap(h,P,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0);mlock(h,P);
 int m=memfd_create("hh",4); ftruncate(m,2<<20); char*q=mmap(0,2<<20,3,MAP_SHARED,m,0); q[0]=1; mmap(0,P,3,MAP_PRIVATE,m,0); int id=shmget(IPC_PRIVATE,2<<20,04000|0600|IPC_CREAT); shmat(id,0,0); shmctl(id,0,0);
 mmap(0,4096,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB,-1,0); mmap(0,64<<20,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|MAP_NORESERVE,-1,0);
 END return 0;}
