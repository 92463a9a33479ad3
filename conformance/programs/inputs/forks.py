# Two forks without exec that free and allocate, one vfork with exec, and the parent allocates on.
import os, subprocess

table = [bytes([n]) * 200000 for n in range(20)]
for n in range(2):
    child = os.fork()
    if child == 0:
        del table[n::3]
        table.extend(bytearray(500000) for _ in range(5))
        os._exit(0)
    os.waitpid(child, 0)
subprocess.run(["/bin/true"])
table.extend(bytearray(500000) for _ in range(5))
