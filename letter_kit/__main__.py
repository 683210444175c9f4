"""``python -m letter_kit`` is ``letter-kit``."""

import sys

__all__ = ["run"]


def run() -> int:
    """The command line, from its very beginning: Ctrl-C ends it quietly while it still loads.

    Who asks it to end with SIGTERM is served in the same way.
    """
    try:
        import signal

        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from letter_kit.cli import main

        return main()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(run())
