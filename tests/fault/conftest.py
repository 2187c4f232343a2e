import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import pytest  # noqa: E402

import lab  # noqa: E402


@pytest.fixture
def town(tmp_path):
    return lab.town(tmp_path)


@pytest.fixture
def county(tmp_path):
    return lab.county(tmp_path)


@pytest.fixture
def roster(town):
    """悦庄镇 with twelve children in three villages."""
    names = [town.village(i)[0] for i in range(3)]
    r = town.import_csv("child", lab.csv_text(lab.children(12, names)))
    assert lab.counts(r) == (12, 0, 0, 0), repr(r)
    return town
