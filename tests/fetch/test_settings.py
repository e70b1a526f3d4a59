import pytest
from pydantic import ValidationError

from harvester import __version__
from harvester.fetch import FetchSettings, PolitenessSettings


def test_the_user_agent_names_project_version_and_contact() -> None:
    agent = FetchSettings(contact="https://stadt.example/harvester").user_agent
    assert agent == f"egov-harvester/{__version__} (+https://stadt.example/harvester)"


@pytest.mark.parametrize("contact", ["https://stadt.example/linkliste", "https://LINKS.example/"])
def test_a_user_agent_that_web_servers_block_is_refused(contact: str) -> None:
    with pytest.raises(ValidationError, match='must not contain "link"'):
        FetchSettings(contact=contact)


def test_without_contact_the_user_agent_still_names_the_project() -> None:
    agent = FetchSettings().user_agent
    assert agent.startswith("egov-harvester/")
    assert "link" not in agent


def test_the_documented_defaults() -> None:
    fetch, politeness = FetchSettings(), PolitenessSettings()
    assert (fetch.timeout, fetch.max_bytes, fetch.max_redirects, fetch.allow_addresses) == (20, 2_000_000_000, 10, ())
    assert (politeness.interval, politeness.concurrency) == (1.0, 1)


def test_unknown_keys_are_errors() -> None:
    with pytest.raises(ValidationError, match="timout"):
        FetchSettings.model_validate({"timout": 3})
