import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import pytest  # noqa: E402

import township  # noqa: E402


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The hand-counted township of township.py."""
    return township.make(tmp_path_factory.mktemp("policy"))
