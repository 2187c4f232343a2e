"""A command of the program in a guest, and a real vfat under it that turns
bad at its n-th call: pulled out, refusing writes, swallowing them, or
changing a byte of each."""
import glob
import os
import subprocess

import fat
import lab
import session
from world import World

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {
    "pulled": "error",
    "error_writes": "flakey /dev/ubda 0 0 3600 1 error_writes",
    "drop_writes": "flakey /dev/ubda 0 0 3600 1 drop_writes",
    "corrupt": "flakey /dev/ubda 0 0 3600 5 corrupt_bio_byte 32 w 1 0",
}

# the table under a mounted file system, without telling the file system
SWAP = """#!/bin/sh
dmsetup suspend --noflush --nolockfs st &&
dmsetup reload st --table "0 $(blockdev --getsz /dev/ubda) $1" &&
dmsetup resume st
"""

SCRIPT = """
mount -t vfat -o utf8 /dev/ubda /run/stick
cp {top}/stick/* /run/stick/
umount /run/stick
cp --sparse=always /dev/ubda /run/base.img
run() {{
	rm -rf /run/town /run/county
	cp -r {top}/town {top}/county /run/
	dd if=/run/base.img of=/dev/ubda bs=1M conv=fsync status=none
	dmsetup create st \\
		--table "0 $(blockdev --getsz /dev/ubda) linear /dev/ubda 0"
	dmsetup mknodes
	mount -t vfat -o utf8 /dev/mapper/st /run/stick
	rc=0
	echo {password} | FAULT="$1" FAULT_LOG={work}/calls FAULT_IN=/run/stick \\
		FAULT_RUN="sh {work}/swap '$2'" LD_PRELOAD={shim} \\
		{argv} >/run/said 2>&1 || rc=$?
	umount /run/stick
	dmsetup remove st
	mkdir -p "$3"
	echo $rc >"$3/rc"
	cp -r /run/said /run/town /run/county "$3/"
	cp --sparse=always /dev/ubda "$3/image"
}}
run count linear {work}/whole
n=$(cat {work}/calls)
{runs}"""


class Turn:
    """What came of one run."""

    def __init__(self, folder):
        self.folder = folder
        self.rc = int(self.read("rc"))
        self.said = self.read("said").decode("utf-8", "replace")
        image = self.read("image")
        self.files = fat.Volume(lambda at, n: image[at:at + n]).files()

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as f:
            return f.read()

    def world(self, scratch):
        """The two as the run left them."""
        return World(self.folder).copy(scratch)


def shim(folder):
    """faulty.c, compiled."""
    out = os.path.join(str(folder), "faulty.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", out,
                    os.path.join(HERE, "faulty.c"), "-ldl"], check=True)
    return out


def turns(guest, world, what, work):
    """Every n of every kind: (kind, n, Turn)."""
    work = str(work)
    os.makedirs(work)
    with open(os.path.join(work, "swap"), "w") as f:
        f.write(SWAP)
    image = os.path.join(work, "stick.img")
    session.blank(image, "fat16")
    inside = World("/run")
    runs = "".join(
        "i=1; while [ $i -le $n ]; do run turn:$i '%s' {work}/%s-$i;"
        " i=$((i + 1)); done\n" % (table, kind)
        for kind, table in KINDS.items())
    fill = {"top": world.top, "work": work, "shim": shim(work),
            "argv": " ".join(inside.argv(what)), "password": lab.PASSWORD}
    guest.run(SCRIPT.format(runs=runs.format(**fill), **fill), [image],
              limit=3600)
    for kind in KINDS:
        for folder in sorted(glob.glob(os.path.join(work, kind + "-*"))):
            yield kind, int(folder.rsplit("-", 1)[1]), Turn(folder)
