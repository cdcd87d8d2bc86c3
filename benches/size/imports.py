"""The time of a first import in Python, in ms: the way is the module's name."""

import importlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve  # noqa: E402


def importing(name):
    def sample():
        began = time.perf_counter()
        importlib.import_module(name)
        return (time.perf_counter() - began) * 1000

    return lambda: sample


serve({name: importing(name) for name in ("asyncio", "trio", "anyio", "httpx")})
