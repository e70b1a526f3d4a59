"""Telling: only what changed, one message per source and day, and never at the cost of a run."""

import hashlib
import hmac
import json
import re
import socket
import ssl
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import trustme
from aiosmtpd.controller import Controller
from lxml import etree
from pytest_httpserver import HTTPServer
from werkzeug import Response

from harvester.reports.metrics import render_metrics
from harvester.reports.need import Need, Urgency
from harvester.reports.period import today
from harvester.reports.report import Report, Summary
from harvester.state import open_state
from harvester.telling.channels import HookChannel, MailChannel
from harvester.telling.feed import render_feed
from harvester.telling.message import about_source
from harvester.telling.settings import HookSettings, MailSettings
from harvester.telling.tell import tell
from harvester.words import Words
from harvester.workspace import Workspace
from tests.reports.workspace import NOW, Desk

EVIL = "\r\nBcc: all@example.org @channel <script>alert(1)</script> \u202e"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def need(key, subject="gelsenkirchen", urgency=Urgency.NOW, title="Lauf angehalten"):
    return Need(
        key=key,
        kind="held",
        urgency=urgency,
        title=title,
        cause="zu wenig",
        subject=subject,
        commands=("harvester approve x",),
    )


def report(*needs, now=NOW):
    return Report(language="de", generated_at=now.isoformat(), period=today(now), summary=Summary(), needs=needs)


@pytest.fixture
def state(tmp_path):
    with closing(open_state(tmp_path / "state.db")) as made:
        yield made


class Shelf:
    """A channel that keeps what it is given, or refuses it."""

    name = "shelf"

    def __init__(self):
        self.kept, self.broken = [], False

    def send(self, message, now):
        del now
        if self.broken:
            raise OSError("no way")
        self.kept.append(message)


# When


def test_a_need_is_told_once_and_its_end_too(state):
    shelf = Shelf()
    for day in range(3):
        tell(state, report(need("a")), [shelf], NOW + day * DAY)
    assert [message.keys for message in shelf.kept] == [("a",)]
    tell(state, report(), [shelf], NOW + 3 * DAY)
    tell(state, report(), [shelf], NOW + 4 * DAY)
    assert [message.ended for message in shelf.kept] == [(), ("a",)]
    assert shelf.kept[1].subject == "Erledigt: Lauf angehalten"


def test_a_source_has_one_message_a_day(state):
    shelf = Shelf()
    tell(state, report(need("a"), need("b")), [shelf], NOW)
    tell(state, report(need("c")), [shelf], NOW + HOUR)
    tell(state, report(need("c"), need("d", "herten")), [shelf], NOW + 2 * HOUR)
    assert [(m.about, m.keys, m.ended) for m in shelf.kept] == [
        ("gelsenkirchen", ("a", "b"), ()),
        ("herten", ("d",), ()),
    ]
    tell(state, report(need("c"), need("d", "herten")), [shelf], NOW + DAY)
    assert [(m.about, m.keys, m.ended) for m in shelf.kept[2:]] == [("gelsenkirchen", ("c",), ("a", "b"))]


def test_what_can_wait_waits_for_the_summary(state):
    shelf = Shelf()
    needs = (need("a"), need("b", "herten", Urgency.TODAY), need("c", "marl", Urgency.WEEK))
    early = NOW.replace(hour=3)
    tell(state, report(*needs), [shelf], early, digest=7)
    assert [message.about for message in shelf.kept] == ["gelsenkirchen"]
    tell(state, report(*needs), [shelf], NOW, digest=7)
    tell(state, report(*needs), [shelf], NOW + HOUR, digest=7)
    tell(state, report(*needs), [shelf], NOW + DAY, digest=7)  # nothing is another than yesterday
    assert [message.keys for message in shelf.kept[1:]] == [("a", "b", "c")]


def test_what_failed_is_told_again_and_other_channels_are_served(state):
    bad, good = Shelf(), Shelf()
    bad.name, bad.broken = "bad", True
    assert tell(state, report(need("a")), [bad, good], NOW) == ["bad: OSError: no way"]
    assert len(good.kept) == 1
    bad.broken = False
    assert tell(state, report(need("a")), [bad, good], NOW + HOUR) == []
    assert (len(bad.kept), len(good.kept)) == (1, 1)


# Mail


class Inbox:
    def __init__(self):
        self.mails, self.logins = [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        del server, session
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture(scope="module")
def tls():
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def smtp(tls):
    inbox = Inbox()

    def check(server, session, envelope, mechanism, data):
        del server, session, envelope
        from aiosmtpd.smtp import AuthResult  # noqa: PLC0415 - only here

        inbox.logins.append((mechanism, data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"s3cret")

    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=tls[0],
        require_starttls=True,
        authenticator=check,
        auth_required=True,
    )
    controller.start()
    yield controller.port, inbox
    controller.stop()


def mail_settings(port, **more):
    return MailSettings(
        host="127.0.0.1", port=port, sender="ernte@stadt.example", to=("a@stadt.example", "b@stadt.example"), **more
    )


def test_a_mail_arrives_encrypted_and_with_a_login_from_the_environment(state, smtp, tls):
    port, inbox = smtp
    channel = MailChannel(mail_settings(port, user="ernte", password="${PW}"), {"PW": "s3cret"}, tls[1])
    assert tell(state, report(need("a", title="Ärger" + EVIL)), [channel], NOW) == []
    ((to, mail),) = inbox.mails
    assert inbox.logins[0][1:] == ("ernte", "s3cret")
    assert to == ["a@stadt.example", "b@stadt.example"]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Ärger Bcc: all@example.org")
    assert "harvester approve x" in mail.get_content()
    assert "\u202e" not in mail.get_content() + mail["Subject"]


def test_a_server_nobody_vouches_for_gets_no_mail(state, smtp):
    port, inbox = smtp
    (problem,) = tell(state, report(need("a")), [MailChannel(mail_settings(port), {})], NOW)
    assert "SSLCertVerificationError" in problem
    assert inbox.mails == []


def test_a_missing_secret_is_named_and_no_other(state):
    channel = MailChannel(mail_settings(1, user="x", password="${NOT_THERE}"), {"OTHER": "geheim"})
    (problem,) = tell(state, report(need("a")), [channel], NOW)
    assert "NOT_THERE" in problem
    assert "geheim" not in problem


# Webhooks


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "harvester.toml").write_text('[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[politeness]\ninterval = 0\n')
    return Workspace(tmp_path)


def hook(workspace, **settings):
    return HookChannel(HookSettings(name="x", **settings), {"TOKEN": "s3cret"}, workspace)


def test_json_is_signed_with_its_time(state, workspace, httpserver: HTTPServer):
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    channel = hook(workspace, url=httpserver.url_for("/hook"), secret="${TOKEN}")
    assert tell(state, report(need("a")), [channel], NOW) == []
    request, _ = httpserver.log[0]
    at = request.headers["X-Harvester-Timestamp"]
    signature = hmac.new(b"s3cret", f"{at}.".encode() + request.data, hashlib.sha256).hexdigest()
    assert request.headers["X-Harvester-Signature"] == f"sha256={signature}"
    assert int(at) == int(NOW.timestamp())
    assert json.loads(request.data)["began"] == ["a"]


def test_mattermost_calls_nobody_by_a_title(state, workspace, httpserver: HTTPServer):
    httpserver.expect_request("/hooks/s3cret", method="POST").respond_with_data("ok")
    channel = hook(workspace, kind="mattermost", url=httpserver.url_for("/hooks/") + "${TOKEN}")
    assert tell(state, report(need("a", title=EVIL)), [channel], NOW) == []
    text = json.loads(httpserver.log[0][0].data)["text"]
    assert "@channel" not in text
    assert "\u202e" not in text


def test_matrix_knows_a_message_by_its_transaction(state, workspace, httpserver: HTTPServer):
    seen = []

    def take(request):
        seen.append((request.path, request.headers["Authorization"], request.json["msgtype"]))
        return Response("{}", content_type="application/json")

    httpserver.expect_request(re.compile(r"/_matrix/.*"), method="PUT").respond_with_handler(take)
    channel = hook(workspace, kind="matrix", url=httpserver.url_for(""), room="!ab:stadt.example", secret="${TOKEN}")
    assert tell(state, report(need("a")), [channel], NOW) == []
    channel.send(about_source(Words(), "gelsenkirchen", [need("a")], []), NOW)
    assert seen[0] == seen[1]
    assert seen[0][1:] == ("Bearer s3cret", "m.text")


def test_a_hook_goes_nowhere_the_guard_forbids(state, tmp_path, httpserver: HTTPServer):
    channel = hook(Workspace(tmp_path), url=httpserver.url_for("/hook"))
    (problem,) = tell(state, report(need("a")), [channel], NOW)
    assert "AddressRefused" in problem
    assert httpserver.log == []


def test_a_hook_that_says_no_is_a_problem(state, workspace, httpserver: HTTPServer):
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    (problem,) = tell(state, report(need("a")), [hook(workspace, url=httpserver.url_for("/hook"))], NOW)
    assert "500" in problem


# Feed and figures


def test_the_feed_has_each_need_once_and_is_well_formed():
    feed = etree.fromstring(render_feed(report(need("a", title="x" + EVIL.replace("\r\n", " ")), need("b"))))
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")] == [
        "urn:egov-harvester:need:a", "urn:egov-harvester:need:b",
    ]  # fmt: skip


def test_metrics_are_openmetrics(tmp_path):
    desk = Desk(tmp_path / "workspace")
    desk.source("a")
    desk.run("a", "held", HOUR, reason="x")
    with closing(open_state(desk.workspace.state_file)) as state:
        told = render_metrics(desk.report(), state, NOW)
    lines = told.splitlines()
    assert lines[-1] == "# EOF"
    assert 'harvester_needs{urgency="now"} 1' in lines
    assert 'harvester_source_verdict{source="a",verdict="held"} 1' in lines
    assert 'harvester_requests_total{source="a"} 7' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
