"""Judges what is found on a stick after a crash: nothing is taken that is not
what was written, nothing acknowledged is missing or damaged, and the work can
be finished upon what is there."""
import collections
import hashlib
import os
import shutil

import lab
from world import World, children

MARK = ".minisig"


def wrong(files, kept):
    """Deliveries that look finished and are not what was written."""
    return [n for n in files if n.endswith(".age") and n + MARK in files and
            (files[n], files[n + MARK]) != (kept.get(n), kept.get(n + MARK))]


def lay(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)


class Judge:
    def __init__(self, session, scratch):
        self.session, self.scratch = session, str(scratch)
        self.count = collections.Counter()
        self.seen = {}

    def __call__(self, kind, mark, files):
        self.count[kind] += 1
        self.taken(kind, self.session.due(mark), files)
        self.once(self.finished, self.session.next(mark),
                  {n: d for n, d in files.items()
                   if n.isascii() and "/" not in n})

    def taken(self, kind, due, files):
        """What is due is there, and what is wrong is refused."""
        for name in due:
            assert files.get(name) == self.session.kept[name], (
                "lost", kind, name, len(files.get(name, b"")))
        for name in wrong(files, self.session.kept):
            self.once(self.refused, name, {n: files[n] for n in
                                           (name, name + MARK)})

    def once(self, check, what, files):
        key = check.__name__, what, frozenset(
            (n, hashlib.sha256(d).digest()) for n, d in files.items())
        if key not in self.seen:
            self.seen[key] = files
            self.count[check.__name__] += 1
            check(what, files)

    def world(self, step):
        """The two as they were after a step."""
        return World(self.session.path(step)).copy(
            os.path.join(self.scratch, "world"))

    def refused(self, name, files):
        """Neither the county nor the township takes it."""
        w = self.world("begin")
        lay(w.stick, files)
        path = os.path.join(w.stick, name)
        if name.startswith("tj1-"):
            r = w.county.run("bundle", "verify", path, "--passphrase-stdin",
                             stdin=lab.PASSWORD + "\n")
            assert r.rc == 1 and "不能收" in r.err, (name, repr(r))
        else:
            r = w.town.run("bundle", "apply", path)
            assert r.rc in (1, 3) and "县里已收到" not in r.err, (name,
                                                             repr(r))

    def finished(self, step, files):
        """The same stick once more around: nothing is taken wrongly, and
        everything arrives."""
        w = self.world(step)
        lay(w.stick, files)
        for what in ("create", "receive", "apply"):
            r = w.run(what)
            assert r.rc in (0, 1), (step, what, sorted(files), repr(r))
        sound(w, step)


def sound(w, step):
    for s in (w.county, w.town):
        r = s.run("check")
        assert r.rc == 0, (step, repr(r))
    assert children(w.county) == children(w.town), step
