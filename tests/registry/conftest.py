"""The registry's tests see the interfaces of the program, not the one other tests make up."""

import pytest

from harvester.registry import INTERFACES


@pytest.fixture(autouse=True)
def only_real_interfaces(monkeypatch):
    for name, interface in list(INTERFACES.items()):
        if not interface.spider.startswith("spiders."):
            monkeypatch.delitem(INTERFACES, name)
