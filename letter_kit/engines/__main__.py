"""The child of a `GuardedWorker` that could not be forked."""

import sys

from letter_kit.engines.channel import Channel
from letter_kit.engines.guarded import serve

read, write, memory = map(int, sys.argv[1:])
serve(Channel(read, write), memory)
