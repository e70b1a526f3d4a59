"""A town's site, harvested whole: what is found, what is proven, and what never ends is ended."""

import gzip

import pytest
from werkzeug import Response

from harvester.run.judge import Verdict
from spiders import website
from tests.website.town import TEXT, YAML, page

WORDS = ["hund", "wohnsitz", "gewerbe", "wohngeld", "urkunde", "ausweis"]
PATHS = [f"/leistungen/{word}" for word in WORDS]


def fill(town, paths=PATHS) -> None:
    town.pages |= {path: page(path.rpartition("/")[2].title()) for path in paths}


def test_a_sitemap_proves_that_all_was_seen(town):
    fill(town)
    town.sitemap(*PATHS, "/aktuelles/fest", "/leistungen/hund#oben")
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 6)
    assert "/aktuelles/fest" not in town.asked
    assert [path for path in town.asked if path.startswith("/leistungen/")] == PATHS
    assert {row[0] for row in town.rows("SELECT title FROM service")} == {word.title() for word in WORDS}


def test_a_sitemap_index_of_gzipped_sitemaps_named_by_robots(town):
    fill(town)
    town.sitemap(*PATHS)
    urls = town.pages.pop("/sitemap.xml").replace("{home}", town.home)
    town.pages["/robots.txt"] = "User-agent: *\nDisallow: /intern/\nSitemap: {home}/index.xml\n"
    town.pages["/index.xml"] = (
        "<sitemapindex><sitemap><loc>{home}/karten/1.xml.gz</loc></sitemap><sitemap><loc>{home}/index.xml</loc></sitemap></sitemapindex>"
    )
    town.pages["/karten/1.xml.gz"] = gzip.compress(urls.encode())
    assert town.run().verdict is Verdict.COMPLETE
    assert "/sitemap.xml" not in town.asked
    assert town.asked.count("/index.xml") == 1


def test_pages_that_lead_on_are_followed_where_there_is_no_sitemap(town):
    fill(town)
    town.pages["/"] = page("Start", '<a href="/rathaus/leistungen/">Leistungen</a> <a href="/aktuelles">x</a>')
    town.pages["/rathaus/leistungen/"] = page(
        "A bis Z", "".join(f'<a href="{path}">x</a>' for path in PATHS[:3]) + '<a href="?seite=2">weiter</a>'
    )
    town.pages["/rathaus/leistungen/?seite=2"] = page(
        "A bis Z", "".join(f'<a href="{path}">x</a>' for path in PATHS[3:])
    )
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.PARTIAL, 6)
    assert "does not tell how many" in outcome.judgement.reason
    assert "/aktuelles" not in town.asked


def test_the_lists_of_a_product_that_names_all_prove_it(town):
    town.write(YAML + "    options: {product: openrathaus}\n")
    detail = "/dienstleistungen/-/egov-bis-detail/dienstleistung/{}/show"
    items = "".join(f'<li class="list-group-item dlitem"><a href="{detail.format(n)}">x</a></li>' for n in (1, 2, 3))
    staff = '<a href="/dienstleistungen/-/egov-bis-detail/mitarbeiter/9/show">Erika</a>'
    town.pages["/dienstleistungen"] = page("A bis Z", f"<ul>{items}</ul>{staff}")
    town.pages |= {
        detail.format(n): f"<html lang=de><div class=service-detail><h1>Dienst {n}</h1><p>{TEXT}</p></div>"
        for n in (1, 2, 3)
    }
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 3)
    assert not any("mitarbeiter" in path for path in town.asked)


def test_what_the_site_says_is_gone_is_gone_and_what_does_not_arrive_is_lost(town):
    fill(town)
    town.sitemap(*PATHS)
    assert town.run().verdict is Verdict.COMPLETE
    town.pages["/leistungen/hund"] = 410
    outcome = town.run()
    assert (outcome.verdict, outcome.changes.removed) == (Verdict.COMPLETE, 1)
    town.pages["/leistungen/wohnsitz"] = 503
    outcome = town.run()
    assert (outcome.verdict, outcome.changes.removed) == (Verdict.PARTIAL, 0)
    assert "the server answered 503" in outcome.judgement.reason


def test_robots_is_obeyed(town):
    fill(town)
    town.sitemap(*PATHS)
    town.pages["/robots.txt"] = "User-agent: *\nDisallow: /leistungen/hund\n"
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.COMPLETE, 5)
    assert "/leistungen/hund" not in town.asked


def test_a_site_that_forbids_everything_is_left_alone(town):
    fill(town)
    town.sitemap(*PATHS)
    town.pages["/robots.txt"] = "User-agent: *\nDisallow: /\n"
    outcome = town.run()
    assert outcome.verdict is Verdict.FAILED
    assert set(town.asked) <= {"/robots.txt"}


def test_a_page_that_leads_to_the_start_page_keeps_what_is_known(town):
    fill(town)
    town.sitemap(*PATHS)
    town.run()
    town.pages["/"] = page("Willkommen")
    town.pages["/leistungen/hund"] = lambda _: Response(status=302, headers={"Location": "/"})
    outcome = town.run()
    assert (outcome.verdict, outcome.errors, outcome.changes.removed) == (Verdict.COMPLETE, 1, 0)


def test_a_redesign_makes_the_run_partial_and_harms_nothing(town):
    town.write(YAML + "    options: {product: gelsenkirchen}\n")
    paths = [f"/de/_meta/buergerservice/{n}" for n in range(40)]
    town.sitemap(*paths)
    old = (
        "<html lang=de><body><div id=content><h1>Dienst {}</h1><p>"
        + TEXT
        + "</p><h3>Kosten</h3><p>5 EUR</p></div></body></html>"
    )
    town.pages |= {path: old.format(n) for n, path in enumerate(paths)}
    assert town.run().verdict is Verdict.COMPLETE
    new = (
        "<html lang=de><body><div class=neu><h1>Dienst {}</h1><p>"
        + TEXT
        + "</p><b>Kosten</b><p>5 EUR</p></div></body></html>"
    )
    town.pages |= {path: new.format(n) for n, path in list(enumerate(paths))[2:]}
    outcome = town.run()
    assert outcome.verdict is Verdict.PARTIAL
    assert outcome.judgement.reason == "The site has changed: field title found on 2 of 40 pages, before 40."
    assert town.rows("SELECT count(*) FROM service_text WHERE module = 'fees'") == [(40,)]


def test_a_field_that_left_most_pages_is_named(town):
    paths = [f"/leistungen/dienst-{n}" for n in range(20)]
    town.sitemap(*paths)
    town.pages |= {path: page(path, f"<p>{TEXT}</p><h2>Kosten</h2><p>{n} EUR</p>") for n, path in enumerate(paths)}
    town.run()
    town.pages |= {
        path: page(path, f"<p>{TEXT}</p><b>Kosten</b><p>{n} EUR</p>") for n, path in list(enumerate(paths))[3:]
    }
    assert town.run().judgement.reason == "The site has changed: field fees found on 3 of 20 pages, before 20."


def test_a_first_run_that_finds_hardly_a_service_says_so(town):
    paths = [f"/leistungen/dienst-{n}" for n in range(10)]
    town.sitemap(*paths)
    town.pages |= dict.fromkeys(paths, "<html lang=de><div>neu</div>") | {paths[0]: page("Hund")}
    assert town.run().judgement.reason == "The site has changed: field title found on 1 of 10 pages."


def test_a_calendar_without_end_ends_within_the_budget(town, monkeypatch):
    monkeypatch.setattr(website, "MOST_LISTINGS", 25)
    fill(town)
    links = "".join(f'<a href="{path}">x</a>' for path in PATHS)
    town.pages["/"] = lambda _: page("Service", links + '<a href="/service/tag-1">morgen</a>')
    for n in range(200):
        town.pages[f"/service/tag-{n}"] = page(
            "Tag",
            f'<a href="/service/tag-{n + 1}">morgen</a><a href="/service/kalender/{n}">x</a>'
            + "".join(f'<a href="/service/tag-{n * 7 + k}">x</a>' for k in range(7)),
        )
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.PARTIAL, 6)
    assert "more than 25 pages lead on" in outcome.judgement.reason
    assert not any("kalender" in path for path in town.asked)
    assert len(town.asked) < 40


def test_pages_that_answer_everywhere_go_round_only_so_often(town):
    fill(town)
    town.pages["/"] = page(
        "Service", "".join(f'<a href="{path}">x</a>' for path in PATHS) + '<a href="service/rathaus/">x</a>'
    )

    def everywhere(_):
        return page("Service", '<a href="service/rathaus/">tiefer</a>')

    for depth in range(1, 12):
        town.pages["/service/rathaus/" * depth] = everywhere
        town.pages["/" + "service/rathaus/" * depth] = everywhere
    town.run()
    assert max(path.count("rathaus") for path in town.asked) <= 2


def test_the_page_budget_of_a_source_holds(town):
    town.write(YAML + "    options: {pages: 2}\n")
    fill(town)
    town.sitemap(*PATHS)
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched) == (Verdict.PARTIAL, 2)
    assert "the budget of 2 pages ends before the 6 pages found" in outcome.judgement.reason


def test_a_page_of_ten_megabytes_is_an_issue_and_a_larger_one_is_not_received(town, monkeypatch):
    monkeypatch.setattr(website, "PAGE_BYTES", 15_000_000)
    fill(town)
    town.sitemap(*PATHS)
    town.pages["/leistungen/hund"] = page("Hund", "x" * 10_000_000)
    outcome = town.run()
    assert (outcome.verdict, outcome.fetched, outcome.errors) == (Verdict.COMPLETE, 5, 1)
    town.pages["/leistungen/hund"] = page("Hund", "x" * 16_000_000)
    outcome = town.run()
    assert outcome.verdict is Verdict.PARTIAL
    assert "larger than 15_000_000 bytes" in outcome.judgement.reason


@pytest.mark.parametrize(
    "broken", ["<urlset><url><loc>{home}/leistungen/hund</loc></url><url>", "<html>Fehler</html>", 500]
)
def test_a_broken_sitemap_proves_nothing(town, broken):
    fill(town)
    town.pages["/robots.txt"] = "Sitemap: {home}/karte.xml"
    town.pages["/karte.xml"] = broken
    town.pages["/"] = page("Start", "".join(f'<a href="{path}">x</a>' for path in PATHS))
    outcome = town.run()
    assert outcome.verdict is Verdict.PARTIAL
    assert outcome.fetched in {1, 6}


def test_a_busy_server_is_asked_again(town):
    fill(town)
    town.sitemap(*PATHS)
    answers = [Response(status=429, headers={"Retry-After": "0"}), page("Hund")]
    town.pages["/leistungen/hund"] = lambda _: (
        answers.pop(0) if len(answers) > 1 else Response(answers[0], content_type="text/html")
    )
    assert town.run().verdict is Verdict.COMPLETE


def test_an_unchanged_page_is_not_read_again_until_its_profile_changes(town, monkeypatch):
    fill(town)
    town.sitemap(*PATHS)
    town.run()
    assert town.run().reused == 7
    monkeypatch.setattr("harvester.registry.options.profile_digest", lambda _: "another")
    assert town.run().reused == 0
