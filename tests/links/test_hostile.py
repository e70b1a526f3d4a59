import asyncio
import socket

import pytest

from harvester.links.classify import Surroundings, classify
from harvester.links.host_rules import HostRules
from harvester.links.loop import fastest_loop
from harvester.links.method import first_method, needs_get
from harvester.links.observation import Fault, Observation
from harvester.links.outcome import Verdict
from harvester.links.probe import HttpProbe
from harvester.links.rules import Weight, read_rules, weigh
from harvester.links.signs import read_signs
from tests.links.bench import address, http_probe
from tests.links.hostile.cases import CASES, TLS_CASES, Case
from tests.links.hostile.certificates import make_authority, server_contexts
from tests.links.hostile.scenes import SCENES
from tests.links.hostile.server import HostileServer

AROUND = Surroundings(read_signs(), HostRules())
LOOPS = ["asyncio", "fastest"]
NEVER_DEAD = {"blocked", "throttled", "restricted", "tls_problem", "suspicious", "unchecked"}


async def look(probe: HttpProbe, url: str) -> Observation:
    """HEAD or GET, as the checker does for a link it does not know."""
    to = address(url)
    method = first_method(to.url, etag=None, healthy=False, head_lies=False)
    seen = await probe.observe(to, method)
    if method == "HEAD" and needs_get(seen, etag=None):
        seen = await probe.observe(to, "GET")
    return seen


async def judge_all(cases: list[Case]) -> dict[str, tuple[Observation, Verdict]]:
    probe = http_probe()
    limit = asyncio.Semaphore(20)
    async with HostileServer(SCENES) as server:

        async def judge(case: Case) -> tuple[str, tuple[Observation, Verdict]]:
            async with limit:
                seen = await look(probe, f"http://127.0.0.1:{server.port}{case.path}")
            return case.path, (seen, classify(seen, AROUND))

        return dict(await asyncio.gather(*map(judge, cases)))


def run_on(loop, work):
    with asyncio.Runner(loop_factory=fastest_loop() if loop == "fastest" else None) as runner:
        return runner.run(work)


@pytest.fixture(scope="module", params=LOOPS)
def judged(request):
    return run_on(request.param, judge_all(CASES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_each_case_has_the_wanted_outcome(judged, case):
    seen, verdict = judged[case.path]
    assert (verdict.outcome, verdict.code) == (case.outcome, case.code), seen


@pytest.mark.parametrize("case", [*CASES, *TLS_CASES], ids=lambda case: case.path)
def test_only_failures_of_page_or_host_can_ever_lead_to_dead(case):
    leads = weigh(case.code) in {Weight.FAILURE, Weight.SURE}
    assert leads == case.dead


def test_no_rule_of_a_harmless_outcome_leads_to_dead():
    for rule in read_rules().values():
        if rule.outcome in NEVER_DEAD:
            assert rule.weight in {Weight.SILENT, Weight.ALIVE}, rule.code


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_rule(fault):
    assert fault in read_rules()


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("case", TLS_CASES, ids=lambda case: case.path)
def test_certificates_are_told_apart_and_the_page_behind_is_seen(case, loop):
    authority = make_authority()

    async def judge() -> Observation:
        async with HostileServer(SCENES, server_contexts(authority)[case.path]) as server:
            return await http_probe(tls=authority.client).observe(address(f"https://127.0.0.1:{server.port}/ok"), "GET")

    seen = run_on(loop, judge())
    assert seen.status == 200
    assert seen.page is not None
    assert classify(seen, AROUND).code == case.code


def test_plain_http_on_a_tls_port_is_a_host_that_is_down():
    async def judge() -> Observation:
        async with HostileServer(SCENES) as server:
            return await http_probe().observe(address(f"https://127.0.0.1:{server.port}/ok"), "GET")

    assert classify(asyncio.run(judge()), AROUND).code == "tls-handshake"


def failing(number: int):
    async def resolver(_host: str, _port: int):
        raise socket.gaierror(number, "told so")

    return resolver


async def nothing(_host: str, _port: int):
    return []


async def silence(_host: str, _port: int):
    await asyncio.sleep(3_600)


async def private(_host: str, _port: int):
    return ["192.168.1.1"]


@pytest.mark.parametrize(
    ("resolver", "code"),
    [
        (failing(socket.EAI_NONAME), "dns-no-name"),
        (failing(socket.EAI_NODATA), "dns-no-address"),
        (failing(socket.EAI_AGAIN), "dns-failure"),
        (failing(socket.EAI_FAIL), "dns-failure"),
        (nothing, "dns-no-address"),
        (silence, "dns-timeout"),
        (private, "address-refused"),
    ],
)
def test_the_name_service_is_told_apart(resolver, code):
    probe = http_probe(resolver=resolver, seconds=0.05)
    seen = asyncio.run(probe.observe(address("http://stadt.test/"), "GET"))
    assert classify(seen, AROUND).code == code


def test_a_refused_connection_is_a_host_that_is_down():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seen = asyncio.run(http_probe().observe(address(f"http://127.0.0.1:{port}/"), "GET"))
    assert classify(seen, AROUND).code == "connect-refused"


def test_a_dead_first_address_leaves_the_second_its_chance():
    async def both(_host: str, _port: int):
        return ["127.0.0.9", "127.0.0.1"]

    async def judge() -> Observation:
        async with HostileServer(SCENES) as server:
            return await http_probe(resolver=both).observe(address(f"http://stadt.test:{server.port}/ok"), "GET")

    assert asyncio.run(judge()).status == 200


def test_a_name_that_changes_its_address_after_the_check_is_not_asked_again():
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(_host: str, _port: int):
        return next(answers)

    async def judge() -> Observation:
        async with HostileServer(SCENES) as server:
            return await http_probe(resolver=rebinding).observe(address(f"http://stadt.test:{server.port}/ok"), "GET")

    assert asyncio.run(judge()).status == 200


def test_nothing_private_is_sent_and_the_window_is_asked_for():
    async def judge() -> dict[str, str]:
        told: dict[str, str] = {}

        async def listen(exchange):
            told.update(exchange.headers)
            return SCENES["/ok"]

        async with HostileServer({"*": listen}) as server:
            await http_probe().observe(address(f"http://127.0.0.1:{server.port}/x"), "GET")
        return told

    told = asyncio.run(judge())
    assert told["range"] == "bytes=0-65535"
    assert set(told) == {"host", "user-agent", "accept", "accept-language", "accept-encoding", "range"}
    assert "link" not in told["user-agent"]
