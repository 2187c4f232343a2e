"""A small township whose numbers were counted by hand, for the stories."""
import lab

TODAY = "2026-11-22"          # a Sunday
ENV = {"TONGJI_TODAY": TODAY}


def fill(town, form, rows):
    header = list(dict.fromkeys(k for r in rows for k in r))
    r = town.import_csv(form, lab.csv_text(rows, header), env=ENV)
    assert lab.counts(r)[0] == len(rows), repr(r)
    return r


class Typist:
    """Types as a person does and counts the keys: an initial, a digit and a
    function key are one each."""

    def __init__(self, t):
        self.t, self.n = t, 0

    def press(self, *names):
        for name in names:
            self.t.press(name)
            self.n += 1

    def type(self, text):
        for c in text:
            self.t.type(c)
            self.n += 1

    def wait(self, *words, **kw):
        return self.t.wait(*words, **kw)


def village_names(town, n):
    return [town.village(i)[1] for i in range(n)]
