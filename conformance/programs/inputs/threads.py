# Four threads, one after the other, allocate and free large objects; all are alive at the end of that.
import threading

kept = []
turn = [threading.Event() for _ in range(5)]

def work(n):
    kept.append([bytes([n]) * 300000 for _ in range(6)])
    del kept[-1][::2]
    turn[n + 1].set()
    done.wait()

done = threading.Event()
workers = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for n, worker in enumerate(workers):
    worker.start()
    turn[n + 1].wait()
done.set()
for worker in workers:
    worker.join()
