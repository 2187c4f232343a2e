"""What may lie on a medium after its power went, from the log of its writes.

A state is given as the writes since the start that reached it; `Medium` makes
an image of them without copying it whole."""
import mmap
import random

from writelog import SECTOR


class Medium:
    """A base image, and sectors written over it."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.base = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        self.over = {}

    def copy(self):
        m = Medium.__new__(Medium)
        m.base, m.over = self.base, dict(self.over)
        return m

    def write(self, at, data):
        for i in range(0, len(data), SECTOR):
            piece = data[i:i + SECTOR]
            if len(piece) < SECTOR:
                piece += self.read(at + i + len(piece), SECTOR - len(piece))
            self.over[(at + i) // SECTOR] = piece

    def read(self, at, n):
        first, last = at // SECTOR, (at + n - 1) // SECTOR
        out = b"".join(
            self.over.get(s) or self.base[s * SECTOR:(s + 1) * SECTOR]
            for s in range(first, last + 1))
        return out[at - first * SECTOR:][:n]

    def save(self, path):
        with open(path, "wb") as f:
            f.write(self.base)
            for s, piece in self.over.items():
                f.seek(s * SECTOR)
                f.write(piece)


def tears(e, rnd):
    """Parts of one write: cut in the middle, by the sector and within one;
    its end without its beginning; cut anywhere."""
    n = len(e.data)
    half = n // 2
    yield e.at, e.data[:half]
    if n > SECTOR:
        whole = half // SECTOR * SECTOR
        yield e.at + whole, e.data[whole:]
        for _ in range(6):
            yield e.at, e.data[:rnd.randrange(1, n // SECTOR) * SECTOR]


def states(log, base, samples, seed=1):
    """(kind, mark, medium) of every crash that is looked at; `mark` is the
    last one passed.  Kinds: cut, after each write in the order of the log;
    torn, the last one in part; dropped, one of those not yet flushed is
    missing; mixed, any of those not yet flushed, in any order, `samples` of
    each stretch between two flushes."""
    rnd = random.Random(seed)
    safe, mark, waiting = Medium(base), None, []
    for e in log:
        if e.name is not None:
            mark = e.name
            yield "cut", mark, laid(safe, waiting)
            continue
        if e.flush:
            yield from mixed(safe, mark, waiting, samples, rnd)
            for w in waiting:
                safe.write(w.at, w.data)
            waiting = []
        if not e.data:
            continue
        before = laid(safe, waiting)
        for at, part in tears(e, rnd):
            m = before.copy()
            m.write(at, part)
            yield "torn", mark, m
        if e.fua:
            safe.write(e.at, e.data)
        else:
            waiting.append(e)
        yield "cut", mark, laid(safe, waiting)
    yield from mixed(safe, mark, waiting, samples, rnd)


def laid(safe, writes):
    m = safe.copy()
    for w in writes:
        m.write(w.at, w.data)
    return m


def mixed(safe, mark, waiting, samples, rnd):
    """What the medium, or the kernel, may have done with the writes between
    two flushes."""
    for i in range(len(waiting) - 1):
        yield "dropped", mark, laid(safe, waiting[:i] + waiting[i + 1:])
    for _ in range(samples if len(waiting) > 1 else 0):
        some = [w for w in waiting if rnd.random() < 0.5]
        rnd.shuffle(some)
        m = laid(safe, some)
        if some and rnd.random() < 0.3:
            m = laid(safe, some[:-1])
            m.write(*next(tears(some[-1], rnd)))
        yield "mixed", mark, m
