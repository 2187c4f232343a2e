"""The log of dm-log-writes: every write to a device in the order in which it
was completed, with the marks set between them."""
import struct

SECTOR = 512
MAGIC = 0x6a736677736872
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8


class Entry:
    """A write of `data` at byte `at`, or a mark of this `name`.  `flush`:
    all that went before is on the medium; `fua`: so is this."""

    def __init__(self, at, data, flags, name=None):
        self.at, self.data, self.name = at, data, name
        self.flush, self.fua = bool(flags & FLUSH), bool(flags & FUA)


def read(path):
    with open(path, "rb") as f:
        magic, _, n, size = struct.unpack("<QQQI", f.read(28))
        assert magic == MAGIC, "%s is no write log" % path
        f.seek(size)
        return [entry(f, size) for _ in range(n)]


def entry(f, size):
    head = f.read(size)
    sector, n, flags, length = struct.unpack("<QQQQ", head[:32])
    if flags & MARK:
        return Entry(0, b"", flags, head[32:32 + length].decode())
    # a discard carries no bytes: what was there may stay there
    data = b"" if flags & DISCARD else f.read(n * size)
    return Entry(sector * SECTOR, data, flags)
