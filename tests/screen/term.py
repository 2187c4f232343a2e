"""A terminal for tests: the real program on a real pty, its bytes drawn by
pyte, in UTF-8, GBK or GB18030.

    t = Terminal(site)
    t.login()
    t.keys("1n"); t.type("张三"); t.press("enter")
    t.wait("儿童台账"); t.row(0)

Nothing here waits for a fixed time: a wait ends when the screen says so, or
fails with the picture.  Cursor reports are answered as a terminal would.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte

import lab

LIMIT = 20.0
LOCALE = {"utf-8": "C.UTF-8", "gbk": "zh_CN.GBK", "gb18030": "zh_CN.GB18030"}

# What PuTTY in its default settings sends, which is right for every TERM.
KEYS = {
    "enter": b"\r", "tab": b"\t", "esc": b"\033", "backspace": b"\177",
    "backtab": b"\033[Z", "up": b"\033[A", "down": b"\033[B",
    "right": b"\033[C", "left": b"\033[D", "home": b"\033[1~",
    "end": b"\033[4~", "pgup": b"\033[5~", "pgdn": b"\033[6~",
    "insert": b"\033[2~", "delete": b"\033[3~", "space": b" ",
    "f1": b"\033[11~", "f2": b"\033[12~", "f3": b"\033[13~",
    "f4": b"\033[14~", "f5": b"\033[15~", "f6": b"\033[17~",
    "f7": b"\033[18~", "f8": b"\033[19~", "f9": b"\033[20~",
    "f10": b"\033[21~", "f11": b"\033[23~", "f12": b"\033[24~",
    "^c": b"\003", "^d": b"\004", "^f": b"\006", "^g": b"\007",
    "^l": b"\014", "^n": b"\016", "^r": b"\022", "^s": b"\023",
    "^t": b"\024", "^u": b"\025", "^w": b"\027", "^z": b"\032",
}


class Screen(pyte.Screen):
    """Answers to the program go back to it."""

    def __init__(self, cols, rows, owner):
        self.owner = owner
        super().__init__(cols, rows)

    def write_process_input(self, data):
        if self.owner.answers:
            self.owner.send(data.encode())


class Terminal:
    def __init__(self, site, encoding="utf-8", term="xterm-256color",
                 rows=24, cols=80, answers=True, locale=None, argv=None,
                 env=None):
        self.site, self.encoding, self.answers = site, encoding, answers
        self.screen = Screen(cols, rows, self)
        self.stream = pyte.Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder(encoding)("replace")
        self.raw = b""
        self.status = None
        full = lab.environment(TERM=term, TONGJI_HOME=site.home,
                               LC_ALL=locale or LOCALE[encoding],
                               **(env or {}))
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            argv = argv or [lab.BIN]
            try:
                os.execvpe(argv[0], argv, full)
            finally:
                os._exit(127)
        self.size(rows, cols)

    # ---- bytes ---------------------------------------------------------

    def size(self, rows, cols):
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    def send(self, data):
        os.write(self.fd, data)

    def feed(self, wait):
        """Take what the program wrote; False when it wrote nothing in `wait`
        seconds or has gone."""
        if self.fd is None:
            return False
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            os.close(self.fd)
            self.fd = None
            return False
        self.raw += data
        self.stream.feed(self.decoder.decode(data))
        return True

    def settle(self, quiet=0.25):
        """Until nothing was written for a while; the bytes since the last
        call."""
        while self.feed(quiet):
            pass
        data, self.raw = self.raw, b""
        return data

    # ---- looking -------------------------------------------------------

    def display(self):
        # pyte keeps an empty cell behind every wide character
        out = []
        for y in range(self.screen.lines):
            line = self.screen.buffer[y]
            out.append("".join(line[x].data for x in
                               range(self.screen.columns)).rstrip())
        return out

    def text(self):
        return "\n".join(self.display())

    def row(self, y):
        return self.display()[y]

    def find(self, word):
        """The row that holds `word`, or -1."""
        for y, line in enumerate(self.display()):
            if word in line:
                return y
        return -1

    def reversed(self, y):
        """The text of row `y` that is in reverse video."""
        line = self.screen.buffer[y]
        return "".join(line[x].data for x in range(self.screen.columns)
                       if line[x].reverse)

    def wait(self, *words, gone=(), limit=LIMIT):
        """Until every word is on the screen and none of `gone`."""
        end = time.monotonic() + limit
        while True:
            shown = self.text()
            if all(w in shown for w in words) and \
                    not any(g in shown for g in gone):
                # not in the middle of a redraw
                if self.fd is None or not self.feed(0.03):
                    return shown
                continue
            if self.fd is None or time.monotonic() > end:
                raise AssertionError("waited for %r (gone %r)%s\n%s" % (
                    words, gone, "" if self.fd else ", but it has ended",
                    shown))
            self.feed(0.1)

    def wait_end(self, limit=LIMIT):
        """Until the program has ended; its exit status, or -signal."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.feed(0.05)
            if self.reap(os.WNOHANG):
                return self.status
        raise AssertionError("did not end\n" + self.text())

    def reap(self, how):
        if self.status is None:
            pid, st = os.waitpid(self.pid, how)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(st)
        return self.status is not None

    # ---- keys ----------------------------------------------------------

    def press(self, *names):
        for n in names:
            self.send(KEYS[n])

    def type(self, text):
        self.send(text.encode(self.encoding))

    def choose(self, word):
        """Open the line of a menu that begins with `word`: by its digit, or,
        behind the ninth, by going down to it."""
        end = time.monotonic() + LIMIT
        plain = r"\s+" + re.escape(word) + r"(\s|$)"
        while True:
            lines = self.display()
            ones = [y for y, x in enumerate(lines) if re.match(r"\s*1\s", x)]
            for y, line in enumerate(lines):
                m = re.match(r"\s*(\d)" + plain, line)
                if m:
                    self.type(m.group(1))
                    return
            for y, line in enumerate(lines):
                if ones and y > ones[0] + 8 and re.match(plain, line):
                    self.press(*["down"] * (y - ones[0]), "enter")
                    return
            assert time.monotonic() < end, "no %s\n%s" % (word, self.text())
            self.feed(0.1)

    def field(self):
        """The label of the field under the cursor in an entry screen."""
        for y in range(2, self.screen.lines - 3):
            label = self.reversed(y).strip()
            if label:
                return label
        return ""

    def go_to(self, label):
        """Enter, Enter, … to the field with this label."""
        end = time.monotonic() + 3 * LIMIT
        at = self.field()
        while at != label:
            assert time.monotonic() < end, "no %s\n%s" % (label, self.text())
            self.press("enter")
            before = at
            while at in (before, "") and time.monotonic() < end:
                self.feed(0.1)
                at = self.field()

    def login(self, name="wangfang", password=lab.PASSWORD):
        self.wait("用户名", "密码")
        self.type(name)
        self.press("enter")
        self.type(password)
        self.press("enter")
        self.wait("待办", "0 退出", gone=("用户名",))

    def kill(self, sig=signal.SIGKILL):
        os.kill(self.pid, sig)

    def hang_up(self):
        """The line drops: the master side is closed."""
        os.close(self.fd)
        self.fd = None

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.reap(0)
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def plain(data):
    """Bytes without escape sequences."""
    return re.sub(rb"\033(\[[0-9;?]*[A-Za-z]|[()].|[=>])", b"", data)
