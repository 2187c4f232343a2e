"""A stick's way between a township and a county, on real vfat in a guest,
with every write to it logged; and what should be found on it afterwards."""
import os

import lab
import writelog

ROUNDS = 3
# how the stick is made and mounted; the last as a desktop does it
SHAPES = {
    "fat32": (64, ["-F", "32"], "utf8"),
    "fat16": (32, ["-F", "16", "-s", "8"], "utf8"),
    "flush": (160, ["-F", "32", "-s", "4"], "utf8,shortname=mixed,flush"),
}
STEPS = ("create", "receive", "apply")

SCRIPT = """
cp -r {top}/town {top}/county /run/
mount -t vfat -o {how} /dev/ubda /run/stick
cp {top}/stick/* /run/stick/
umount /run/stick
cp --sparse=always /dev/ubda {work}/base.img
n=$(blockdev --getsz /dev/ubda)
dmsetup create lw --table "0 $n log-writes /dev/ubda /dev/ubdb"
dmsetup mknodes
mount -t vfat -o {how} /dev/mapper/lw /run/stick
step() {{
	dmsetup message lw 0 mark "$1"
	mkdir {work}/$1
	cp -r /run/town /run/county {work}/$1/
	cp /run/stick/* {work}/kept/
	ls /run/stick >{work}/$1/names
}}
well() {{ "$@" || [ $? = 1 ]; }}
mkdir {work}/kept
step begin
{rounds}umount /run/stick
dmsetup remove lw
"""

ROUND = """
{bin} -C /run/town import child {work}/more-{i}.csv
well {bin} -C /run/town bundle create --to /run/stick
step create-{i}
echo {password} | well {bin} -C /run/county bundle receive /run/stick \\
	--passphrase-stdin
step receive-{i}
well {bin} -C /run/town bundle apply --clean /run/stick
step apply-{i}
"""


def blank(path, shape):
    """An image file with an empty file system."""
    size, argv, _ = SHAPES[shape]
    with open(path, "wb") as f:
        f.truncate(size << 20)
    lab.run(["/usr/sbin/mkfs.vfat", "-n", "TONGJI", *argv, path], status=0)


class Session:
    """`log` are the writes, upon the image `base`; `kept` every file that
    ever lay on the stick; `marks` the steps in their order."""

    def __init__(self, guest, world, work, shape):
        self.work, self.how = str(work), SHAPES[shape][2]
        os.makedirs(self.work)
        image, log = self.path("stick.img"), self.path("log.img")
        blank(image, shape)
        with open(log, "wb") as f:
            f.truncate(256 << 20)
        names = [world.town.village(i)[0] for i in range(3)]
        for i in range(ROUNDS):
            with open(self.path("more-%d.csv" % i), "w") as f:
                f.write(lab.csv_text(lab.children(10, names, 500 + 10 * i)))
        fill = {"top": world.top, "work": self.work, "how": self.how,
                "bin": lab.BIN, "password": lab.PASSWORD}
        rounds = "".join(ROUND.format(i=i, **fill) for i in range(ROUNDS))
        self.said = guest.run(SCRIPT.format(rounds=rounds, **fill),
                              [image, log])
        self.base, self.log = self.path("base.img"), writelog.read(log)
        self.marks = ["begin"] + ["%s-%d" % (s, i) for i in range(ROUNDS)
                                  for s in STEPS]
        self.kept = {}
        for name in os.listdir(self.path("kept")):
            with open(self.path("kept", name), "rb") as f:
                self.kept[name] = f.read()

    def path(self, *parts):
        return os.path.join(self.work, *parts)

    def names(self, mark):
        with open(self.path(mark, "names")) as f:
            return set(f.read().split())

    def next(self, mark):
        """The step that is going on after a mark; the last one at the end."""
        if mark not in self.marks:
            return self.marks[-1]
        return self.marks[min(self.marks.index(mark) + 1,
                              len(self.marks) - 1)]

    def due(self, mark):
        """What was acknowledged at the mark and is not being cleared."""
        mark = mark if mark in self.marks else self.marks[-1]
        return self.names(mark) & self.names(self.next(mark))
