"""Language codes."""

import pytest

from normalizers.language import read_language


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de_DE", "de"), ("en-GB", "en"), (" EN ", "en"), ("", "de"), ("Deutsch!", "de")],
)
def test_a_language_is_its_primary_code(code, language):
    assert read_language(code, "de") == language
