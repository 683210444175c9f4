"""``python -m letter_kit`` is ``letter-kit``."""

import sys

from letter_kit.cli import main

sys.exit(main())
