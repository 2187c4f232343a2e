"""Keys as PuTTY, xterm, the Linux console and the VT family send them, under
every TERM; broken and unknown sequences."""
import pytest

TERMS = ("xterm-256color", "putty", "linux", "vt100", "xterm")
FORMS = {
    "f1": (b"\033[11~", b"\033OP", b"\033[[A"),
    "f3": (b"\033[13~", b"\033OR", b"\033[[C"),
    "f8": (b"\033[19~",),
}
SHOWS = {"f1": "这一屏的按键", "f3": "筛选:", "f8": "今日工作"}


@pytest.mark.parametrize("term", TERMS)
def test_function_keys(town, open_term, term):
    t = open_term(town, term=term)
    t.login()
    for name, forms in FORMS.items():
        for seq in forms:
            t.send(seq)
            t.wait(SHOWS[name])
            t.press("esc")
            t.wait("待办", gone=(SHOWS[name],))
    for seq in (b"\007", b"?", "？".encode()):
        t.send(seq)
        t.wait("这一屏的按键")
        t.press("f10")
        t.wait("待办")


@pytest.mark.parametrize("term", TERMS)
def test_editing_keys(town, open_term, term):
    t = open_term(town, term=term)
    t.login()
    t.type("/")
    t.wait("筛选:")
    for home, end, left, back in (
            (b"\033[1~", b"\033[4~", b"\033[D", b"\177"),
            (b"\033[H", b"\033[F", b"\033OD", b"\010"),
            (b"\033OH", b"\033OF", b"\033[D", b"\177"),
            (b"\033[7~", b"\033[8~", b"\033OD", b"\010")):
        t.send(b"\025")                 # empty
        t.type("bc")
        t.send(home)
        t.type("a")
        t.send(end)
        t.type("xd")
        t.send(left)
        t.send(back)
        t.wait("筛选: abcd")
        t.send(b"\025\033[F\025")
        t.settle(0.05)
    t.type("中文")
    t.send(b"\033[3~")                  # nothing behind: stays
    t.send(b"\033[D\033[3~")
    t.wait("筛选: 中", gone=("中文",))


def test_unknown_sequences_are_swallowed(town, open_term):
    """An unusual key or a late answer of the terminal is neither Esc nor
    text."""
    t = open_term(town)
    t.login()
    t.type("/")
    t.wait("筛选:")
    for seq in (b"\033[1;5R", b"\033[25~", b"\033[1;2P", b"\033[?1;2c",
                b"\033Ow", b"\033[<0;10;10M"):
        t.send(seq)
        t.settle(0.1)
    t.type("zz")
    t.wait("筛选: zz")


def test_escape_in_pieces_is_escape(town, open_term):
    t = open_term(town)
    t.login()
    t.type("1")
    t.wait("儿童台账", "共0条")
    t.send(b"\033")
    t.wait("待办")


def test_control_keys_do_not_kill(town, open_term):
    t = open_term(town)
    t.login()
    t.send(b"\003\023\021\034\032\004")
    t.type("1")
    t.wait("儿童台账", "共0条")


def test_redraw(town, open_term):
    t = open_term(town)
    t.login()
    t.settle()
    t.screen.reset()
    assert t.text().strip() == ""
    t.press("^r")
    t.wait("待办", "1 儿童台账")


def test_type_ahead(town, open_term):
    """Everything typed before the program was ready arrives in order."""
    t = open_term(town)
    t.wait("用户名")
    t.type("wangfang\rShan-Shui-27\r1")
    t.wait("儿童台账", "共0条")
