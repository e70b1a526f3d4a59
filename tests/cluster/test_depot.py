"""The depot: names are there whole or not at all, in a folder and in an S3 store on loopback."""

import pytest

from harvester.cluster.depot import Depot, SharedSnapshots

BODY = b"<xzufi>" * 1000


@pytest.fixture(params=["folder", "s3"])
def depot(request, tmp_path):
    if request.param == "folder":
        return Depot(str(tmp_path / "depot"))
    return Depot(f"s3://ernte/{request.node.name.translate(str.maketrans('[]', '--'))}", request.getfixturevalue("s3"))


def test_what_is_put_is_got_and_goes(depot, tmp_path):
    file, back = tmp_path / "a", tmp_path / "deep" / "b"
    file.write_bytes(BODY)
    assert not depot.has("shards/x.db")
    assert not depot.get("shards/x.db", back)
    assert not back.exists()
    depot.put(file, "shards/x.db")
    assert depot.has("shards/x.db")
    assert depot.get("shards/x.db", back)
    assert back.read_bytes() == BODY
    depot.remove("shards/x.db")
    depot.remove("shards/x.db")
    assert not depot.has("shards/x.db")
    assert [path.name for path in back.parent.iterdir()] == ["b"]


def test_a_body_that_one_shares_another_opens(depot, tmp_path):
    here, there = SharedSnapshots(tmp_path / "here", depot), SharedSnapshots(tmp_path / "there", depot)
    sha256 = here.put(BODY)
    assert not there.has(sha256)
    with pytest.raises(FileNotFoundError):
        there.open(sha256)
    here.share(sha256)
    here.share(sha256)
    assert there.has(sha256)
    assert there.recall(sha256) == BODY
    there.verify(sha256)
