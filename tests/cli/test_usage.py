"""Words on the command line: what is printed where, and exit statuses."""
import pytest

import lab

COMMANDS = ("init", "import", "export", "report", "indicators", "bundle",
            "key", "user", "form", "check", "backup", "restore", "purge",
            "demo")


def test_version_is_data():
    r = lab.tongji("--version", status=0)
    assert r.out.startswith("tongji ") and r.err == ""


def test_help_lists_every_command():
    r = lab.tongji("--help", status=0)
    for c in COMMANDS:
        assert "tongji " + c in r.out
    assert lab.has_chinese(r.out) and r.err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command):
    r = lab.tongji(command, "--help", status=0)
    assert "tongji " + command in r.out
    assert lab.has_chinese(r.out) and r.err == ""


@pytest.mark.parametrize("args", [
    ["wrong"], ["--wrong"], ["-C"], ["--as"], ["init"], ["init", "extra"],
    ["init", "--division"], ["import"], ["import", "child"], ["export"],
    ["bundle"], ["bundle", "wrong"], ["bundle", "verify"],
    ["bundle", "open", "x"], ["bundle", "decrypt", "x"], ["key"],
    ["key", "wrong"], ["key", "import"], ["user"], ["user", "add"],
    ["form"], ["form", "wrong"], ["check", "extra"], ["backup"], ["restore"],
    ["check", "--wrong"], ["report"],
], ids=" ".join)
def test_wrong_usage_is_2(tmp_path, args):
    r = lab.run([lab.BIN, *args], env={"TONGJI_HOME": str(tmp_path / "h")})
    assert r.rc == 2, repr(r)
    assert r.out == "" and lab.has_chinese(r.err)
    assert not (tmp_path / "h").exists(), "wrong usage made a data folder"


@pytest.mark.parametrize("args", [
    ["check"], ["user", "list"], ["key", "show"], ["export", "child"],
    ["bundle", "create", "--to", "."], ["backup", "x.db"], ["purge"],
], ids=" ".join)
def test_without_a_database(tmp_path, args):
    r = lab.run([lab.BIN, "-C", str(tmp_path / "none"), *args],
                cwd=str(tmp_path))
    assert r.rc == 3, repr(r)
    assert r.out == "" and lab.has_chinese(r.err)
    assert not (tmp_path / "none").exists()


def test_home_from_the_environment(tmp_path):
    env = {"TONGJI_HOME": str(tmp_path / "a")}
    lab.tongji("init", "--division", lab.TOWN, env=env, status=0)
    assert (tmp_path / "a" / "tongji.db").exists()
    env = {"XDG_DATA_HOME": str(tmp_path / "b")}
    lab.tongji("init", "--division", lab.TOWN, env=env, status=0)
    assert (tmp_path / "b" / "tongji" / "tongji.db").exists()
    env = {"HOME": str(tmp_path)}
    lab.tongji("init", "--division", lab.TOWN, env=env, status=0)
    assert (tmp_path / ".local/share/tongji/tongji.db").exists()


def test_minus_c_wins_over_the_environment(tmp_path):
    lab.run([lab.BIN, "-C", tmp_path / "c", "init", "--division", lab.TOWN],
            env={"TONGJI_HOME": str(tmp_path / "e")}, status=0)
    assert (tmp_path / "c" / "tongji.db").exists()
    assert not (tmp_path / "e").exists()


def test_as_an_unknown_login(town):
    r = town.run("user", "list", login="nobody")
    assert r.rc in (1, 3) and r.out == "" and "nobody" in r.err


def test_the_screens_need_a_terminal(tmp_path):
    r = lab.run([lab.BIN, "-C", tmp_path / "h"])
    assert r.rc == 3, repr(r)
    assert lab.has_chinese(r.err) and b"\x1b" not in r.raw
