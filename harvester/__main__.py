"""``python -m harvester``, and the program ``harvester``."""

import sys


def main() -> int:
    """Run the command line. It is loaded here: worker processes load this module again and need none of it."""
    from harvester.cli import main as run  # noqa: PLC0415 - see above

    return run()


if __name__ == "__main__":
    sys.exit(main())
