#!/bin/busybox sh
# The only process of the virtual machine: performs /input with the prober, and sends what it answers through the second serial port.
b=/bin/busybox
$b mkdir -p /proc /sys /dev /tmp
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t debugfs debug /sys/kernel/debug
$b mount -t devtmpfs dev /dev
$b mkdir -p /dev/shm
$b mount -t tmpfs shm /dev/shm
$b mount -t tmpfs tmp /tmp
# As in the recorded sets: no huge pages, and a fault on a file maps its own page alone.
echo never > /sys/kernel/mm/transparent_hugepage/enabled
echo 4096 > /sys/kernel/debug/fault_around_bytes
$b stty -F /dev/ttyS1 raw
/prober < /input > /tmp/out 2> /tmp/err
status=$?
{ echo "$status"; $b head -c 2000 /tmp/err | $b tr '\n' ' '; echo; $b cat /tmp/out; } | $b gzip -c > /dev/ttyS1
$b poweroff -f
