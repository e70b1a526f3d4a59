"""``python -m harvester``, and the command ``harvester``."""

import gc
import sys

# Loading makes hundreds of thousands of objects and drops none: looking for cycles among them every 700 took a tenth of the start.
gc.set_threshold(20_000, 10, 10)


def main() -> int:
    """Run the command line.

    It is imported only now: processes that are started from this one load this module first, and have no use for the verbs.
    """
    from harvester.cli import main as run  # noqa: PLC0415 - see above

    return run()


if __name__ == "__main__":
    sys.exit(main())
