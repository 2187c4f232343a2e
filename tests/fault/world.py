"""A county, a township and the stick between them, in one folder that can be
copied."""
import glob
import os
import shutil

import lab


class World:
    def __init__(self, top):
        self.top = str(top)
        self.county = lab.Site(os.path.join(self.top, "county"))
        self.town = lab.Site(os.path.join(self.top, "town"))
        self.stick = os.path.join(self.top, "stick")

    def copy(self, to):
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.top, to)
        w = World(to)
        for s in (w.county, w.town):    # the copy is meant
            mark = s.keys("highwater")
            if os.path.exists(mark):
                os.remove(mark)
        return w

    def argv(self, what):
        c, t = self.county, self.town
        return {
            "create": t.argv("bundle", "create", "--to", self.stick),
            "receive": c.argv("bundle", "receive", self.stick,
                              "--passphrase-stdin"),
            "apply": t.argv("bundle", "apply", self.stick),
            "clean": t.argv("bundle", "apply", "--clean", self.stick),
            "restore": t.argv("restore", t.path("copy.db")),
            "salvage": t.argv("restore", "--salvage"),
            "rotate": t.argv("key", "rotate"),
        }[what]

    def run(self, what, **env):
        return lab.run(self.argv(what), stdin=lab.PASSWORD + "\n", env=env)


def founded(top, first=30, more=20):
    """The two know each other's keys, one bundle of `first` children lies on
    the stick, and the township has had `more` since."""
    os.makedirs(top)
    county, town = lab.county(top), lab.town(top)
    w = World(top)
    os.makedirs(w.stick)
    names = [town.village(i)[0] for i in range(3)]
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.import_csv("child", lab.csv_text(lab.children(first, names)))
    town.run("backup", town.path("copy.db"), status=0)
    town.run("bundle", "create", "--to", w.stick, status=0)
    county.run("key", "enrol", glob.glob(w.stick + "/enrol-*")[0],
               "--fingerprint", lab.fingerprint(town), status=0)
    town.import_csv("child", lab.csv_text(lab.children(more, names,
                                                       first + 10)))
    return w


def children(site):
    return sorted(site.sql("SELECT uid, name, guardian_phone FROM child"
                           " WHERE NOT deleted"))
