"""``python -m harvester``, and the command ``harvester``."""

import sys


def main() -> int:
    """Run the command line.

    It is imported only now: processes that are started from this one load this module first, and have no use for the verbs.
    """
    from harvester.cli import main as run  # noqa: PLC0415 - see above

    return run()


if __name__ == "__main__":
    sys.exit(main())
