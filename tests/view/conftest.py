"""The catalogue of two days."""

from tests.two_days import db, two_days

__all__ = ["db", "two_days"]
