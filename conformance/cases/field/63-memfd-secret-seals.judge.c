#include "snap.h"
#include <sys/mman.h>
// memfd variants, sealing, hugetlb, secretmem, mseal
int main(){
 BEGIN
 int f=memfd_create("my memfd\n:x",MFD_ALLOW_SEALING); ftruncate(f,64*P); char*a=mmap(0,64*P,3,MAP_SHARED,f,0); munmap(a+60*P,4*P); fcntl(f,F_ADD_SEALS,F_SEAL_FUTURE_WRITE|F_SEAL_SHRINK);
 char*b=mmap(0,8*P,1,MAP_SHARED,f,0); char*bb=mmap(0,8*P,3,MAP_SHARED,f,0); mprotect(b,P,3); char*c=mmap(0,8*P,3,MAP_PRIVATE,f,0); c[0]=2;
 int g=memfd_create("x",MFD_ALLOW_SEALING|MFD_CLOEXEC|0x8); ftruncate(g,4*P); fcntl(g,F_ADD_SEALS,F_SEAL_WRITE); char*d=mmap(0,4*P,1,MAP_SHARED,g,0); mprotect(d,P,3); char*e=mmap(0,4*P,3,MAP_PRIVATE,g,0); mmap(0,4*P,5,MAP_SHARED,g,0);
 int h=syscall(447,0); ftruncate(h,4*P); char*s=mmap(0,4*P,3,MAP_SHARED,h,0); mmap(0,4*P,3,MAP_PRIVATE,h,0);
 syscall(462,a,4*P,0); mprotect(a,P,1); munmap(a,P); madvise(a,P,MADV_DONTNEED); mprotect(a+2*P,4*P,1); mremap(a,P,2*P,1); char*z=mmap(0,4*P,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0); mprotect(z,4*P,1); syscall(462,z,4*P,0); madvise(z,P,MADV_DONTNEED); madvise(z,P,MADV_FREE); mmap(z,P,3,MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS,-1,0); mlock(z,P); madvise(z,P,MADV_DONTFORK);
 dup2(f,50); char*q=mmap(0,P,3,MAP_PRIVATE,50,P); close(50); mmap(0,P,3,MAP_PRIVATE,50,P); close(f);
 END return 0;}
