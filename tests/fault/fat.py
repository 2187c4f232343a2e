"""The files in the root folder of a FAT12, FAT16 or FAT32 volume, read as
leniently as a medium may be broken: a chain that ends early gives a shorter
file, one that runs in a circle is left.

    files = fat.Volume(lambda at, n: image[at:at + n]).files()
"""
import struct

END, VOLUME, FOLDER, LONG = 0x00, 0x08, 0x10, 0x0f
GONE = 0xe5


class Volume:
    def __init__(self, read):
        """`read(at, n)` gives n bytes at byte `at` of the volume."""
        self.read = read
        b = read(0, 512)
        (self.sector, per, reserved, fats, entries, small, _, length
         ) = struct.unpack("<HBHBHHBH", b[11:24])
        large, long_fat = struct.unpack("<II", b[32:40])
        length = length or long_fat
        self.table = reserved * self.sector
        self.root = (reserved + fats * length) * self.sector
        self.root_size = entries * 32
        self.data = self.root + -(-self.root_size // self.sector) * \
            self.sector
        self.cluster = per * self.sector
        room = (small or large) * self.sector - self.data
        self.count = room // self.cluster
        self.bits = 12 if self.count < 4085 else 16 if self.count < 65525 \
            else 32
        self.first = struct.unpack("<I", b[44:48])[0]

    def next(self, n):
        """The cluster after `n`; None at an end, whatever it looks like."""
        if self.bits == 12:
            v = struct.unpack("<H", self.read(self.table + n * 3 // 2, 2))[0]
            v = v >> 4 if n & 1 else v & 0xfff
        elif self.bits == 16:
            v = struct.unpack("<H", self.read(self.table + n * 2, 2))[0]
        else:
            v = struct.unpack("<I", self.read(self.table + n * 4, 4))[0]
            v &= 0x0fffffff
        return v if 2 <= v < self.count + 2 else None

    def chain(self, n, size):
        """At most `size` bytes from cluster `n` on."""
        out, seen = [], set()
        n = n if 2 <= n < self.count + 2 else None
        while n is not None and n not in seen and \
                len(out) * self.cluster < size:
            seen.add(n)
            out.append(self.read(self.data + (n - 2) * self.cluster,
                                 self.cluster))
            n = self.next(n)
        return b"".join(out)[:size]

    def entries(self):
        """The root folder's raw entries."""
        if self.bits == 32:
            raw = self.chain(self.first, 1 << 21)
        else:
            raw = self.read(self.root, self.root_size)
        for at in range(0, len(raw) - 31, 32):
            if raw[at] == END:
                return
            if raw[at] != GONE:
                yield raw[at:at + 32]

    def files(self):
        """Name and bytes of every file of the root folder."""
        out, parts, sums = {}, {}, set()
        for e in self.entries():
            if e[11] == LONG:
                if e[0] & 0x40:
                    parts, sums = {}, set()
                parts[e[0] & 0x3f] = e[1:11] + e[14:26] + e[28:32]
                sums.add(e[13])
                continue
            if not e[11] & (VOLUME | FOLDER):
                name = long_name(parts) if sums == {checksum(e)} else \
                    short_name(e)
                high, low, size = struct.unpack("<H4xHI", e[20:32])
                out[name] = self.chain(high << 16 | low, size)
            parts, sums = {}, set()
        return out


def checksum(e):
    total = 0
    for c in e[:11]:
        total = ((total & 1) << 7) + (total >> 1) + c & 0xff
    return total


def long_name(parts):
    raw = b"".join(parts[k] for k in sorted(parts))
    return raw.decode("utf-16-le", "replace").split("\0")[0]


def short_name(e):
    base = e[:8].decode("cp437").rstrip()
    tail = e[8:11].decode("cp437").rstrip()
    lower = e[12]
    base = base.lower() if lower & 8 else base
    tail = tail.lower() if lower & 16 else tail
    return base + "." + tail if tail else base
