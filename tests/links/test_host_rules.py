import pytest

from harvester.fetch.budget import HostBudget, Pace
from harvester.fetch.robots import Rules
from harvester.fetch.settings import PolitenessSettings
from harvester.links.classify import Surroundings, classify
from harvester.links.host_rules import PLAIN, HostRule, HostRules, read_host_rules
from harvester.links.manners import LONGEST_DELAY, Manners
from harvester.links.observation import Fault
from harvester.links.signs import read_signs
from harvester.links.store import domain_of, site
from tests.links.bench import FakeTime, address, names, run
from tests.links.script import moved

CLOCK = FakeTime().clock
RULES = HostRules(
    [
        HostRule(hosts=("konto.example", ".konto.example"), reason="account", login=True),
        HostRule(hosts=("parken.example",), reason="trader", parking=True),
        HostRule(hosts=("alt-stadt.de", "neu-stadt.de"), reason="renamed", operator="stadt"),
        HostRule(hosts=("langsam.example",), reason="asked for it", interval=5),
        HostRule(hosts=("nicht.example",), reason="asked for it", check=False),
    ]
)
AROUND = Surroundings(read_signs(), RULES)


def judged(target: str, start: str = "https://stadt.example/seite") -> str:
    return classify(moved(start, target, CLOCK, 302), AROUND).code


def test_the_projects_own_rules_can_be_read():
    assert read_host_rules().rule("id.bund.de").login


@pytest.mark.parametrize(
    ("host", "login"),
    [("konto.example", True), ("a.konto.example", True), ("xkonto.example", False), ("example", False)],
)
def test_a_name_with_a_dot_in_front_fits_all_names_below_it(host, login):
    assert RULES.rule(host).login == login


def test_a_host_without_a_rule_is_plain():
    assert RULES.rule("stadt.example") is PLAIN


def test_a_listed_login_is_fine_whatever_its_page_looks_like():
    assert judged("https://konto.example/x") == "login-page"


def test_a_listed_trader_is_a_parked_domain():
    assert judged("https://parken.example/x") == "parked"


def test_a_redirect_within_one_operator_is_no_foreign_domain():
    assert judged("https://neu-stadt.de/seite", "https://alt-stadt.de/seite") == "ok"
    assert judged("https://andere-stadt.de/seite", "https://alt-stadt.de/seite") == "foreign-domain"


def test_www_and_https_are_no_foreign_domain():
    seen = moved("http://stadt.de/seite", "https://www.stadt.de/seite", CLOCK)
    assert classify(seen, AROUND).code == "moved-permanently"


def test_a_bot_wall_in_the_head_is_believed_only_where_it_would_stand():
    seen = moved("https://stadt.de/a", "https://stadt.de/b", CLOCK)
    assert classify(seen._replace(wall="cf-mitigated", status=403), AROUND).code == "bot-wall"
    assert classify(seen._replace(wall="cf-mitigated", status=404), AROUND).code == "http-404"


class Robots:
    def __init__(self, delay: float) -> None:
        self.delay = delay

    async def rules(self, _url: str) -> Rules:
        delay = self.delay

        class Parsed:
            def can_fetch(self, url: str, _: str) -> bool:
                return "/geheim" not in url

            def crawl_delay(self, _: str) -> float:
                return delay

        return Rules(parsed=Parsed())


def manners(delay: float) -> Manners:
    budget = HostBudget(PolitenessSettings(interval=1), CLOCK)
    return Manners(budget, names(CLOCK), RULES, 1.0, Robots(delay))


def test_robots_and_own_rules_are_obeyed():
    asked = manners(0)
    assert run(asked.refusal(address("https://stadt.example/geheim"))) is Fault.ROBOTS
    assert run(asked.refusal(address("https://stadt.example/offen"))) is None
    assert run(asked.refusal(address("https://nicht.example/"))) is Fault.HOST_RULE


@pytest.mark.parametrize(
    ("host", "delay", "interval"),
    [
        ("stadt.example", 3, 3),
        ("stadt.example", 0.1, 1),
        ("stadt.example", 9_999, LONGEST_DELAY),
        ("langsam.example", 3, 5),
    ],
)
def test_the_longest_of_all_pauses_holds(host, delay, interval):
    asked = manners(delay)
    to = address(f"https://{host}/")
    run(asked.refusal(to))
    assert asked.pace(to) == Pace(interval, 1)


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://www.stadt.de/", "www.stadt.de", "stadt.de"),
        ("https://www.stadt.de:8443/", "www.stadt.de:8443", "stadt.de"),
        ("http://[::1]:8080/", "[::1]:8080", "::1"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080", "127.0.0.1"),
    ],
)
def test_a_site_is_a_host_with_its_port_and_belongs_to_a_domain(url, host, domain):
    assert site(address(url)) == host
    assert domain_of(host) == domain
