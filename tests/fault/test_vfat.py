"""What lies on a FAT stick after a crash: nothing is taken that is not what
was written, nothing acknowledged is lost, and the next try succeeds.

Here sectors of an image are left old at random.  With TONGJI_SOAK=1 a guest
under User-Mode Linux (uml.py) has the real file system, with every write to
it logged, cut, torn, dropped and mixed, and media that turn bad, are full,
lie about their size or cannot be written."""
import os
import random
import re
import shutil

import pytest

import crash
import fat
import judge
import lab
import session
import turning
import uml
import world
import writelog
from writelog import SECTOR

SOAK = os.environ.get("TONGJI_SOAK")
EARLIER, MORE = 120, 60         # children
SAMPLES = 150                   # of each stretch between two flushes


class Delivered:
    """What a Judge asks of a session, for one delivery onto a folder."""

    def __init__(self, start, kept):
        self.start, self.kept = start, kept

    def path(self, _):
        return self.start.top


def copied(path, folder, to):
    """A copy of the image with the files of a folder in it."""
    shutil.copyfile(path, to)
    for name in sorted(os.listdir(folder)):
        lab.run(["mcopy", "-n", "-o", "-i", to,
                 os.path.join(folder, name), "::" + name], status=0)
    return to


def contents(folder):
    out = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as f:
            out[name] = f.read()
    return out


def changed(old, new):
    """The sectors that differ: (at, what the new image has there)."""
    with open(old, "rb") as f, open(new, "rb") as g:
        old, new = f.read(), g.read()
    return [(at, new[at:at + SECTOR]) for at in range(0, len(new), SECTOR)
            if new[at:at + SECTOR] != old[at:at + SECTOR]]


def test_any_sectors_left_old(tmp_path):
    """A writer that synced nothing: any part of what it wrote may be there.
    The earlier delivery always is, and nothing half is taken."""
    w = world.founded(tmp_path / "w", 12, 8)
    start = w.copy(tmp_path / "before")
    image = str(tmp_path / "image")
    session.blank(image, "fat16")
    old = copied(image, w.stick, image + ".old")
    earlier = contents(w.stick)
    assert w.run("create").rc == 0
    new = copied(old, w.stick, image + ".new")
    kept = contents(w.stick)
    assert fat.Volume(crash.Medium(new).read).files() == kept
    j = judge.Judge(Delivered(start, kept), tmp_path)
    rnd, sectors = random.Random(6), changed(old, new)
    for _ in range(400 if SOAK else 60):
        m, share = crash.Medium(old), rnd.choice((0.003, 0.03, 0.5))
        for at, data in sectors:
            if rnd.random() >= share:
                m.write(at, data)
        j.taken("old", earlier, fat.Volume(m.read).files())
    assert j.count["refused"] > 5, j.count


def before(tmp_path, step):
    """A world just before a step."""
    w = world.founded(tmp_path / "world", EARLIER, MORE)
    for what in {"create": (), "receive": ("create",),
                 "clean": ("create", "receive")}[step]:
        assert w.run(what).rc == 0
    return w.copy(tmp_path / "before")


def on_the_real_stick(guest, s, picked, work):
    """Each of the crashed sticks is plugged in again, and the work is
    finished on it."""
    script = ""
    for i, (mark, m) in enumerate(picked):
        m.save(os.path.join(work, "crashed-%d" % i))
        fill = {"work": work, "i": i, "how": s.how, "bin": lab.BIN,
                "step": s.path(s.next(mark)), "password": lab.PASSWORD}
        script += AGAIN.format(**fill)
    guest.run(WELL + script, [os.path.join(work, "crashed-0")], limit=1800)
    for i in range(len(picked)):
        judge.sound(world.World(os.path.join(work, "left-%d" % i)),
                    picked[i][0])


WELL = "well() { \"$@\" || [ $? = 1 ]; }\n"
AGAIN = """
rm -rf /run/town /run/county
cp -r {step}/town {step}/county /run/
rm -f /run/*/keys/highwater
[ {i} = 0 ] || dd if={work}/crashed-{i} of=/dev/ubda bs=1M conv=fsync \\
	status=none
mount -t vfat -o {how} /dev/ubda /run/stick
well {bin} -C /run/town bundle create --to /run/stick
echo {password} | well {bin} -C /run/county bundle receive /run/stick \\
	--passphrase-stdin
well {bin} -C /run/town bundle apply /run/stick
umount /run/stick
mkdir {work}/left-{i}
cp -r /run/town /run/county {work}/left-{i}/
"""

CARELESS = """
mount -t vfat -o utf8 /dev/ubda /run/stick
cp {top}/earlier/* /run/stick/
umount /run/stick
cp --sparse=always /dev/ubda {top}/base.img
dmsetup create lw --table \\
	"0 $(blockdev --getsz /dev/ubda) log-writes /dev/ubda /dev/ubdb"
dmsetup mknodes
mount -t vfat -o utf8 /dev/mapper/lw /run/stick
cp {top}/new/* /run/stick/
dmsetup message lw 0 mark written
umount /run/stick
dmsetup remove lw
"""


DISC = """
cp -r {top}/town {top}/county /run/
mkdir /run/disc /run/back
mount -t iso9660 -o ro /dev/ubdb /run/disc
say() {{ echo "== $1"; shift; rc=0; "$@" 2>&1 || rc=$?; echo "rc $rc"; }}
receive() {{ echo {password} | {bin} -C /run/county bundle receive \
	--passphrase-stdin "$@"; }}
say receive receive /run/disc
say again receive /run/disc --to /run/back
say create {bin} -C /run/town bundle create --to /run/disc
say apply {bin} -C /run/town bundle apply /run/county/发件箱
"""

# a stick of 32 MB that keeps 8: what lies beyond is {beyond}
FAKE = """
cp -r {top}/town {top}/county /run/
n=$(blockdev --getsz /dev/ubda)
printf '0 16384 linear /dev/ubda 0\n16384 %d {beyond}\n' $((n - 16384)) |
	dmsetup create fake
dmsetup mknodes
mount -t vfat -o utf8 /dev/mapper/fake /run/stick
cp {top}/stick/* /run/stick/
dd if=/dev/urandom of=/run/stick/film bs=64K count={film} conv=fsync \
	status=none
rc=0
{bin} -C /run/town bundle create --to /run/stick 2>&1 || rc=$?
echo "rc $rc"
umount /run/stick
"""

FULL = """
cp -r {top}/town {top}/county /run/
mount -t vfat -o utf8 /dev/ubda /run/stick
cp {top}/stick/* /run/stick/
dd if=/dev/zero of=/run/stick/film bs=64K status=none || true
for free in 0 8 64 1000 1100 1200 3000; do
	rc=0
	dd if=/dev/zero of=/run/stick/film bs=1K seek=$(($(stat -c %s \
		/run/stick/film) / 1024 - free)) count=0 status=none
	sync
	{bin} -C /run/town bundle create --to /run/stick 2>&1 || rc=$?
	echo "free $free rc $rc"
	{bin} -C /run/town bundle verify /run/stick 2>&1
	[ $rc != 0 ] || break
	dd if=/dev/zero of=/run/stick/more bs=1K status=none 2>&1 || true
	rm /run/stick/more
done
umount /run/stick
"""


def filled(script, w, **more):
    return script.format(top=w.top, bin=lab.BIN, password=lab.PASSWORD,
                         **more)


def turned(kind, n, r, what, earlier, tmp_path):
    """One command on a stick that turned bad at its n-th call."""
    here = kind, n, r.rc, r.said
    assert r.rc in (0, 1, 3), here
    if kind != "corrupt":       # such a stick damages whatever it touches
        for name, data in earlier.items():
            gone = what == "clean" and name not in r.files
            assert gone or r.files[name] == data, here
    new = [f for f in r.files if f.endswith(judge.MARK) and f not in earlier]
    if r.rc == 0 and kind != "corrupt" and what != "clean":
        assert len(new) == 1, here
    if r.rc != 0:
        for words in ("已写入并读回核对", "县回执已写好", "可以安全拔出",
                      "已清理"):
            assert words not in r.said, here
        assert lab.has_chinese(r.said), here
    w = r.world(tmp_path / "left")
    judge.lay(w.stick, r.files)
    for name in new if kind != "corrupt" and what == "create" else []:
        path = os.path.join(w.stick, name[:-len(judge.MARK)])
        v = w.county.run("bundle", "verify", path, "--passphrase-stdin",
                         stdin=lab.PASSWORD + "\n")
        assert v.rc == 0 or r.rc != 0, (here, repr(v))
    for step in ("create", "receive", "apply"):
        again = w.run(step)
        assert again.rc in (0, 1), (here, repr(again))
    judge.sound(w, here)


if SOAK:
    @pytest.fixture
    def guest(tmp_path):
        return uml.Guest(tmp_path)

    @pytest.mark.parametrize("shape", sorted(session.SHAPES))
    def test_pulled_at_every_write(guest, tmp_path, shape):
        """Three times around, and any of the sticks that this may leave."""
        s = session.Session(guest, before(tmp_path, "create"),
                            tmp_path / "s", shape)
        j, picked = judge.Judge(s, tmp_path), []
        for i, (kind, mark, m) in enumerate(crash.states(s.log, s.base,
                                                         SAMPLES)):
            j(kind, mark, fat.Volume(m.read).files())
            if kind in ("cut", "torn") and i % 11 == 0:
                picked.append((mark, m))
        assert j.count["cut"] > 60 and j.count["refused"] > 5, j.count
        on_the_real_stick(guest, s, picked, str(tmp_path))
        print(shape, dict(j.count), "mounted again", len(picked))

    def test_a_careless_writer_is_found_out(guest, tmp_path):
        """The laboratory sees what it is there to see."""
        w = before(tmp_path, "create")
        os.rename(w.stick, tmp_path / "earlier")
        os.mkdir(w.stick)
        start = w.copy(tmp_path / "start")
        assert w.run("create").rc == 0
        os.rename(w.stick, tmp_path / "new")
        image, log = str(tmp_path / "image"), str(tmp_path / "log")
        session.blank(image, "fat32")
        with open(log, "wb") as f:
            f.truncate(64 << 20)
        guest.run(CARELESS.format(top=tmp_path), [image, log])
        kept = dict(contents(tmp_path / "earlier"),
                    **contents(tmp_path / "new"))
        lost = half = 0
        for _, mark, m in crash.states(
                writelog.read(log), str(tmp_path / "base.img"), 20):
            files = fat.Volume(m.read).files()
            half += bool(judge.wrong(files, kept))
            lost += mark == "written" and any(
                files.get(n) != d for n, d in kept.items())
        assert lost > 5 and half > 5, (lost, half)

    @pytest.mark.parametrize("what", ["create", "receive", "clean"])
    def test_a_stick_that_turns_bad(guest, tmp_path, what):
        w = before(tmp_path, what)
        earlier = contents(w.stick)
        n = 0
        for kind, i, r in turning.turns(guest, w, what, tmp_path / "t"):
            turned(kind, i, r, what, earlier, tmp_path)
            n += 1
        assert n >= 4 * len(turning.KINDS) - 4, n

    def test_a_read_only_disc(guest, tmp_path):
        """Received all the same; the answer waits in 发件箱."""
        w = before(tmp_path, "create")
        disc, image = str(tmp_path / "disc"), str(tmp_path / "image")
        lab.run(["xorriso", "-as", "mkisofs", "-quiet", "-J", "-r", "-o",
                 disc, w.stick], status=0)
        session.blank(image, "fat16")
        said = dict(re.findall(r"== (\w+)\n(.*?rc \d)",
                               guest.run(filled(DISC, w), [image, disc]),
                               re.S))
        assert "新增 %d 名" % EARLIER in said["receive"], said
        assert "发件箱" in said["receive"], said
        assert said["receive"].endswith("rc 0"), said
        assert "以前收过" in said["again"] and "rc 0" in said["again"], said
        assert "是只读的" in said["create"] and "rc 3" in said["create"]
        assert "县里已收到 第1包" in said["apply"], said

    @pytest.mark.parametrize("beyond,film,words,rc", [
        ("zero", 140, "容量是假的", 3),
        ("linear /dev/ubda 100", 123, "旧包已损坏", 1),
    ])
    def test_a_fake_stick(guest, tmp_path, beyond, film, words, rc):
        """One that forgets what is too much, and one that writes it over
        what was there."""
        w = before(tmp_path, "create")
        image = str(tmp_path / "image")
        session.blank(image, "fat16")
        said = guest.run(filled(FAKE, w, beyond=beyond, film=film), [image])
        assert words in said and said.endswith("rc %d\n" % rc), said
        assert "可以安全拔出" not in said

    def test_a_full_stick(guest, tmp_path):
        """Refused before anything is written, until there is room."""
        w = before(tmp_path, "create")
        image = str(tmp_path / "image")
        session.blank(image, "fat16")
        said = guest.run(filled(FULL, w), [image])
        tries = re.split(r"free (\d+) rc (\d)\n", said)
        assert tries[2] == "3" and tries[-1].count("完好") == 2, said
        for rc, text in zip(tries[2::3], tries[0::3]):
            assert rc == "0" or "U盘空间不够" in text, said
