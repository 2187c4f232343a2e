#!/bin/sh
# The first process of a User-Mode Linux guest.  Its root is the host's own
# file system; /run is memory and its own; $job, from the kernel's command
# line, is a shell script of the host.  What it says is left in $job.out, its
# status in $job.rc.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TZ=Asia/Shanghai
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
for m in nls_cp437 nls_ascii nls_iso8859-1 nls_utf8 fat vfat cdrom isofs \
    loop dm-mod dm-log-writes dm-flakey dm-zero; do
	insmod "$(find "/usr/lib/uml/modules/$(uname -r)" -name $m.ko)"
done
mkdir -p /dev/mapper /run/stick
sh "$job" >"$job.out" 2>&1
echo $? >"$job.rc"
sync
echo o >/proc/sysrq-trigger
sleep 9
