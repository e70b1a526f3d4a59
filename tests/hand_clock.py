"""A clock that is moved by hand."""


class HandClock:
    """Seconds that stand still until a test moves them."""

    def __init__(self, now: float = 100.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
