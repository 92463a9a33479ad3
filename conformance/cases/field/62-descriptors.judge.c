#include "snap.h"
// io_uring, perf, aio, pipes, sockets, dev/zero, dev/mem, epoll: by raw syscalls
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/aio_abi.h>
#include <sys/socket.h>
#include <linux/if_packet.h>
#include <arpa/inet.h>
int epoll_create(int);int main(){
 BEGIN
 struct io_uring_params p={0}; p.flags=0; int u=syscall(SYS_io_uring_setup,8,&p); mmap(0,4*P,3,MAP_SHARED|MAP_POPULATE,u,0); mmap(0,P,3,MAP_SHARED|MAP_POPULATE,u,0x10000000);
 struct perf_event_attr a={.type=1,.size=sizeof a,.config=0}; int e=syscall(SYS_perf_event_open,&a,0,-1,-1,0); mmap(0,9*P,3,MAP_SHARED,e,0); mmap(0,P,1,MAP_SHARED,e,0);
 aio_context_t c=0; syscall(SYS_io_setup,128,&c); aio_context_t c2=0; syscall(SYS_io_setup,1000,&c2); syscall(SYS_io_destroy,c);
 int z=open("/dev/zero",O_RDWR); char*q=mmap(0,4*P,3,MAP_PRIVATE,z,0); char*r=mmap(0,4*P,3,MAP_PRIVATE,z,4*P); char*s=mmap(0,4*P,3,MAP_SHARED,z,0); char*t=mmap(0,4*P,3,MAP_SHARED,z,0); mmap(0,P,3,MAP_SHARED,open("/dev/null",O_RDWR),0); q[0]=1; mmap(0,P,1,MAP_PRIVATE,open("/dev/full",O_RDWR),0);
 int k=socket(AF_PACKET,SOCK_RAW,htons(3)); struct tpacket_req rq={.tp_block_size=4096,.tp_block_nr=4,.tp_frame_size=2048,.tp_frame_nr=8}; setsockopt(k,SOL_PACKET,PACKET_RX_RING,&rq,sizeof rq); mmap(0,4*P,3,MAP_SHARED,k,0);
 int pp[2]; pipe(pp); mmap(0,P,1,MAP_PRIVATE,pp[0],0); int ep=epoll_create(1); mmap(0,P,1,MAP_SHARED,ep,0); int d=open("/",0); mmap(0,P,1,MAP_PRIVATE,d,0); int pr=open("/proc/self/maps",0); mmap(0,P,1,MAP_PRIVATE,pr,0); int sy=open("/sys/kernel/mm/transparent_hugepage/enabled",0); mmap(0,P,1,MAP_PRIVATE,sy,0); mmap(0,P,1,MAP_PRIVATE,open("/dev/kmsg",0),0); mmap(0,P,1,MAP_SHARED,open("/dev/mem",0),0); int nf=open("/tmp/nfile",O_RDWR|O_CREAT,0600); ftruncate(nf,8*P); mmap(0,8*P,3,MAP_SHARED|0x3,nf,0); mmap(0,8*P,3,0x3|0x80000,nf,0); unlink("/tmp/nfile"); mmap(0,P,1,MAP_PRIVATE,nf,0x3000);
 END return 0;}
int epoll_create(int);
