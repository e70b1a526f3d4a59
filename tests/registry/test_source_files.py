"""What is wrong with a source file is told with file, line and field, and never by an exception."""

import pytest

from harvester.model import Ars, Level
from harvester.registry import Source, read_registry, read_source

GOOD = """\
id: dldb-musterstadt
title: Dienstleistungen der Stadt Musterstadt
level: kommune
region: "055130000000"
interface: pvog
endpoint: https://www.example.org/api
options:
  details: true
publisher: {name: Stadt Musterstadt}
schedule: "30 4 * * *"
expectations:
  services: {min: 50, max: 200}
  fields:
    leika_key: 0.9
enabled: true
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="dldb-musterstadt.yml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def told(file, environment=None):
    """The problems of a file as (line, field, message)."""
    found = read_source(file, environment or {})
    assert isinstance(found, list), "the file was read"
    assert all(problem.file == file for problem in found)
    assert all(str(problem).startswith(f"{file}:{problem.line}: ") for problem in found)
    return [(problem.line, problem.field, problem.message) for problem in found]


def test_a_good_file_is_a_source(write):
    source = read_source(write(GOOD), {})
    assert isinstance(source, Source)
    assert (source.id, source.level, source.region) == ("dldb-musterstadt", Level.KOMMUNE, Ars("055130000000"))
    assert source.options.details
    assert source.spoken.name == "pvog"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        ("enabled: true", "enable: true", 15, "enable", "unknown field; did you mean enabled?"),
        ("enabled: true", "qqq: true", 15, "qqq", "unknown field; there are id, title,"),
        ("{name: Stadt Musterstadt}", "{nam: x}", 9, "publisher.name", "this field is required"),
        ("  details: true", "  detail: true", 8, "options.detail", "unknown field; did you mean details?"),
        ("  details: true", "  details: 'yes'", 8, "options.details", "valid boolean"),
        ("  details: true", "  language: deutsch", 8, "options.language", "should match pattern"),
        ("  details: true", "  client_id: s3cret", 8, "options.client_id", "secrets never stand in YAML"),
        ("options:\n  details: true", "options:\n  - details", 7, "options", "a mapping of names to values"),
        ("options:\n  details: true", "options:\n", 7, "options", "a mapping of names to values"),
        ('"055130000000"', "055130000000", 4, "region", "write the region in quotes"),
        ('"055130000000"', '"05513"', 4, "region", "not a regional key (ARS, 12 digits): '05513'"),
        (
            "interface: pvog",
            "interface: pvogg",
            5,
            "interface",
            "no interface 'pvogg'; there are dldb, fim, jsonapi, linklist, openpvog, pvog, website, xzufi",
        ),
        ("level: kommune", "level: stadt", 3, "level", "'bund', 'land', 'kreis' or 'kommune'"),
        ("30 4 * * *", "30 4 * *", 10, "schedule", "it has five fields"),
        ("30 4 * * *", "61 4 * * *", 10, "schedule", "not a cron line"),
        ("30 4 * * *", "30 4 * * 5-1", 10, "schedule", "run backwards"),
        ("https://www.example.org/api", "ftp://example.org", 6, "endpoint", "should match pattern"),
        ("https://www.example.org/api", "https://${HOST}/api", 6, "endpoint", "should match pattern"),
        ("min: 50", "min: 500", 12, "expectations.services", "min (500) is larger than max (200)"),
        ("leika_key: 0.9", "leika: 0.9", 13, "expectations.fields", "no field leika; there are "),
        ("leika_key: 0.9", "fees: 90", 14, "expectations.fields.fees", "less than or equal to 1"),
        ("title: Dienst", "title: ''\nx: Dienst", 2, "title", "at least 1 character"),
        ("enabled: true", "enabled: 'true'", 15, "enabled", "valid boolean"),
        ("id: dldb-musterstadt", "id: Musterstadt", 1, "id", "should match pattern"),
        ("id: dldb-musterstadt", "id: anders", 1, "id", "the file must be called anders.yml"),
    ],
)
def test_a_mistake_is_told_where_it_stands(write, old, new, line, field, message):
    assert old in GOOD
    problems = told(write(GOOD.replace(old, new)))
    assert [(at, where) for at, where, what in problems if message in what] == [(line, field)], problems


def test_all_mistakes_are_told_at_once(write):
    problems = told(write("level: stadt\ninterface: pvog\noptions: {x: 1}\n"))
    assert {where for _, where, _ in problems} == {
        "id",
        "title",
        "level",
        "region",
        "endpoint",
        "publisher",
        "options.x",
    }


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (b"", 1, "a source is a mapping of fields"),
        (b"# nothing\n", 1, "a source is a mapping of fields"),
        (b"- a\n- b\n", 1, "a source is a mapping of fields"),
        (b"just words", 1, "a source is a mapping of fields"),
        (b"id: x\ntitle: 'open\n", 2, "not readable as YAML"),
        (b"id: x\n\ttitle: y\n", 2, "not readable as YAML"),
        (b"id: x\nid: y\n", 2, "'id' is given twice"),
        (b"id: x\noptions:\n  a: 1\n  a: 2\n", 4, "'a' is given twice"),
        (b"id: x\n---\nid: y\n", 2, "not readable as YAML"),
        (b"id: x\n1: y\n", 2, "a key must be text"),
        (b"id: x\nyes: y\n", 2, "a key must be text"),
        (b"id: x\n? [a]\n: y\n", 2, "a key must be text"),
        (b"id: x\ntitle: \xfcber\n", 2, "the file must be UTF-8"),
        (b"id: x\ntitle: a\x01b\n", 2, "the character U+0001 has no place in YAML"),
        (b"a: &a [x]\nb: *a\n", 2, "aliases (*name) are not used here"),
        (b"id: x\ntitle: !!python/name:os.system x\n", 2, "tags (tag:yaml.org,2002:python/name:os.system)"),
        (b"id: x\ntitle: " + b"[" * 100_000, 2, "nested more than 20 levels deep"),
        (b"id: x\ntitle: " + b"9" * 5_000, 1, "not readable as YAML"),
        (b"a" * 1_000_001, 1, "larger than 1000000 characters"),
    ],
)
def test_what_is_no_plain_yaml_is_told_with_its_line(write, text, line, message):
    ((at, field, what),) = told(write(text))
    assert (at, field) == (line, "")
    assert message in what


def test_aliases_cannot_grow(write):
    """Ten lines of aliases of aliases stand for a billion values; not one of them is built."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    ((line, _, message),) = told(write(bomb))
    assert line == 2
    assert "aliases" in message


def test_dates_stay_texts(write):
    source = read_source(write(GOOD.replace("title: Dienstleistungen der Stadt Musterstadt", "title: 2026-13-45")), {})
    assert isinstance(source, Source)
    assert source.title == "2026-13-45"


def test_a_folder_with_the_name_of_a_file_is_a_problem(tmp_path):
    (tmp_path / "folder.yml").mkdir()
    ((line, field, message),) = told(tmp_path / "folder.yml")
    assert (line, field) == (1, "")
    assert message.startswith("not readable: ")


SECRET = GOOD.replace("details: true", "client_id: ${PVOG_KEY}")


def test_a_variable_is_filled_from_the_environment_and_kept_covered(write):
    source = read_source(write(SECRET), {"PVOG_KEY": "s3cret"})
    assert isinstance(source, Source)
    assert source.options.client_id.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(source) + source.model_dump_json()


def test_a_missing_variable_is_told_with_variable_and_file(write):
    file = write(SECRET)
    (problem,) = read_source(file, {})
    assert (
        str(problem)
        == f"{file}:8: options.client_id: the environment has no variable PVOG_KEY, which this option names"
    )


def test_variables_are_found_inside_texts_and_lists_and_told_once_each(write):
    options = "options:\n  details: true\n  x: ['${A}/${B}', 1, '${A}']"
    problems = told(write(GOOD.replace("options:\n  details: true", options)))
    assert [(line, field) for line, field, message in problems if "no variable" in message] == [
        (9, "options.x.0"),
        (9, "options.x.0"),
        (9, "options.x.2"),
    ]


def test_a_value_is_never_repeated_in_a_message(write):
    """It may be a secret, and messages end up in logs."""
    problems = told(write(GOOD.replace("details: true", "language: ${LANGUAGE}")), {"LANGUAGE": "s3cret"})
    assert [field for _, field, _ in problems] == ["options.language"]
    assert "s3cret" not in str(problems)


def test_an_error_in_one_file_leaves_the_others_alone(write, tmp_path):
    write(GOOD)
    write("id: [", "kommune/broken.yml")
    write(GOOD.replace("dldb-musterstadt", "other"), "kommune/nw/other.yaml")
    registry = read_registry(tmp_path, {})
    assert set(registry.sources) == {"dldb-musterstadt", "other"}
    assert registry.unreadable == {"broken"}
    assert registry.known == {"dldb-musterstadt", "other", "broken"}
    assert len(registry.problems) == 1


def test_two_files_of_one_name_are_a_problem(write, tmp_path):
    first = write(GOOD, "a/dldb-musterstadt.yml")
    second = write(GOOD, "b/dldb-musterstadt.yml")
    registry = read_registry(tmp_path, {})
    assert [str(problem) for problem in registry.problems] == [f"{second}:1: id: {first} has the same name"]
    assert list(registry.sources) == ["dldb-musterstadt"]


def test_two_files_cannot_share_an_id(write, tmp_path):
    write(GOOD)
    copy = write(GOOD, "copy.yml")
    registry = read_registry(tmp_path, {})
    assert [str(problem) for problem in registry.problems] == [
        f"{copy}:1: id: the file must be called dldb-musterstadt.yml"
    ]


def test_a_workspace_without_sources_is_an_empty_registry(tmp_path):
    registry = read_registry(tmp_path / "nowhere", {})
    assert (registry.sources, registry.problems) == ({}, [])
