"""Commands at a terminal of another encoding: what people read and type is
theirs, what goes to a file or a pipe stays UTF-8."""
import os
import pty
import select
import time

import pytest

import lab

LOCALE = {"gbk": "zh_CN.GBK", "gb18030": "zh_CN.GB18030"}


def at_terminal(site, encoding, *args, typed=b"", login=None):
    """Run a command on a pty; its exit status and all that was shown."""
    argv = [a if isinstance(a, bytes) else a.encode() for a in
            site.argv(login=login)]
    argv += [a if isinstance(a, bytes) else a.encode(encoding) for a in args]
    env = lab.environment(LC_ALL=LOCALE.get(encoding, "C.UTF-8"))
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(argv[0], argv, env)
    shown, end, sent = b"", time.monotonic() + 30, False
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            shown += data
        elif typed and not sent:
            os.write(fd, typed)
            sent = True
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return status, shown


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_messages(town, encoding):
    status, shown = at_terminal(town, encoding, "check")
    assert status == 0
    assert "检查完毕：数据库和日志都完好" in shown.decode(encoding)
    status, shown = at_terminal(town, encoding, "--help")
    assert status == 0 and "乡镇儿童关爱服务台账" in shown.decode(encoding)
    status, shown = at_terminal(town, encoding, "import")
    assert status == 2 and "用法：" in shown.decode(encoding)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_long_output(roster, encoding):
    status, shown = at_terminal(roster, encoding, "form", "blank", "child")
    assert status == 0
    text = shown.decode(encoding).replace("\r\n", "\n")
    plain = roster.run("form", "blank", "child", status=0).out
    if encoding == "gb18030":
        assert text == plain
    assert len(text) == len(plain)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_words_on_the_command_line(town, encoding):
    status, shown = at_terminal(town, encoding, "report", "月报")
    assert status == 0 and "儿童工作月报" in shown.decode(encoding)
    status, shown = at_terminal(town, encoding, "report", "没有的")
    assert status == 2 and "没有的" in shown.decode(encoding)


def test_names_of_files_stay_bytes(roster):
    path = os.path.join(roster.home.encode(), "名册".encode("gbk") + b".csv")
    with open(path, "wb") as f:
        f.write(lab.csv_text(lab.children(2, [roster.village(0)[0]],
                                          start=90)).encode("gbk"))
    status, shown = at_terminal(roster, "gbk", "import", "child", path)
    assert status == 0 and "新增 2" in shown.decode("gbk")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_what_is_typed(roster, tmp_path, encoding):
    roster.run("bundle", "create", "--to", tmp_path, status=1)
    path = [str(p) for p in tmp_path.iterdir() if p.name.endswith(".age")][0]
    status, shown = at_terminal(roster, encoding, "bundle", "open", path,
                                "--to", str(tmp_path / "opened"),
                                typed="拆开\n".encode(encoding))
    assert status == 0, shown.decode(encoding)
    assert (tmp_path / "opened").exists()


def test_a_character_the_terminal_lacks(town):
    town.add_user("x", "reader", "--name", "李𠮷")
    status, shown = at_terminal(town, "gbk", "user", "list")
    assert status == 0 and "李〓" in shown.decode("gbk")
    status, shown = at_terminal(town, "gb18030", "user", "list")
    assert status == 0 and "李𠮷" in shown.decode("gb18030")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_pipes_stay_utf8(roster, encoding):
    env = {"LC_ALL": LOCALE[encoding]}
    out = roster.run("export", "child", env=env, status=0).raw
    assert out == roster.run("export", "child", status=0).raw
    name = roster.one("SELECT name FROM child LIMIT 1")
    assert name.encode() in out
