"""A guest under User-Mode Linux: a kernel with real vfat, iso9660 and device
mapper in an ordinary process, without root.

    guest = uml.Guest(folder)
    out = guest.run("mount -t vfat /dev/ubda /run/stick && ls /run/stick",
                    ["stick.img"])
"""
import os
import signal
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
DEVICES = "abcd"


class Guest:
    def __init__(self, folder):
        self.folder = str(folder)
        self.shim = os.path.join(self.folder, "wideregs.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o",
                        self.shim, os.path.join(HERE, "wideregs.c"), "-ldl"],
                       check=True)
        self.jobs = 0

    def run(self, script, disks=(), limit=600):
        """What the script says; it must end well.  The n-th disk is a file
        of the host, /dev/ubda and on."""
        self.jobs += 1
        job = os.path.join(self.folder, "job%d" % self.jobs)
        with open(job, "w", encoding="utf-8") as f:
            f.write("set -eu\n" + script)
        argv = ["linux.uml", "mem=512M", "quiet", "root=/dev/root",
                "rootfstype=hostfs", "rootflags=/", "rw", "con=null",
                "con0=null,fd:1", "uml_dir=" + self.folder, "job=" + job,
                "init=" + os.path.join(HERE, "guest.sh")]
        argv += ["ubd%s=%s" % p for p in zip(DEVICES, disks)]
        console = self.boot(argv, limit)
        assert os.path.exists(job + ".rc"), console[-4000:]
        with open(job + ".out", encoding="utf-8", errors="replace") as f:
            out = f.read()
        with open(job + ".rc") as f:
            assert f.read() == "0\n", out[-4000:] + console[-4000:]
        return out

    def boot(self, argv, limit):
        """Its console.  A guest is several processes, in one group."""
        p = subprocess.Popen(
            argv, env=dict(os.environ, LD_PRELOAD=self.shim,
                           TMPDIR=self.folder),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        try:
            return p.communicate(timeout=limit)[0].decode("utf-8", "replace")
        finally:
            if p.poll() is None:
                os.killpg(p.pid, signal.SIGKILL)
                p.wait()
