"""`make install` with DESTDIR and PREFIX: what is there works from there."""
import os
import shutil
import subprocess

import pytest

import lab


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Installed below a folder that is then moved elsewhere."""
    if not os.path.exists(os.path.join(lab.TOP, "build", "tongji")):
        pytest.fail("run `make` first")
    first = tmp_path_factory.mktemp("stage")
    done = subprocess.run(
        ["make", "-C", lab.TOP, "install", "DESTDIR=" + str(first),
         "PREFIX=/opt/tj"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout.decode()
    moved = str(first) + "-moved"
    shutil.move(str(first), moved)
    return os.path.join(moved, "opt", "tj")


def test_what_is_installed(installed):
    for name in ("bin/tongji", "lib/tongji/tongji_sql.so",
                 "share/man/man1/tongji.1", "share/tongji/forms/child.form",
                 "share/tongji/data/codes/role.csv",
                 "share/tongji/data/divisions/towns.csv"):
        assert os.path.exists(os.path.join(installed, name)), name
    for folder, _, files in os.walk(installed):
        for name in files:
            mode = os.stat(os.path.join(folder, name)).st_mode
            assert mode & 0o444 == 0o444, name


def test_the_installed_program_finds_its_data(installed, tmp_path):
    run = [os.path.join(installed, "bin", "tongji"), "-C", tmp_path / "h"]
    lab.run(run + ["init", "--division", lab.TOWN], cwd="/", status=0)
    lab.run(run + ["check"], cwd="/", status=0)
    lab.run(run + ["form", "check"], cwd="/", status=0)
    lab.run(run + ["indicators"], cwd="/", status=0)


def test_forms_of_the_data_folder_come_first(installed, tmp_path):
    run = [os.path.join(installed, "bin", "tongji"), "-C", tmp_path / "h"]
    lab.run(run + ["init", "--division", lab.TOWN], status=0)
    shutil.copytree(os.path.join(installed, "share/tongji/forms"),
                    str(tmp_path / "h" / "forms"))
    path = tmp_path / "h" / "forms" / "school.form"
    path.write_text(path.read_text().replace("校名", "学校名称", 1))
    out = lab.run(run + ["form", "dictionary", "school"], status=0).out
    assert "学校名称" in out
