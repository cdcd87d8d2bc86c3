"""What `../way-process.ts` is for Node.js: one way of a row in a process of its own, measured whenever standard input has a line.

A program calls `serve(ways)`; its arguments are the row's module, which says nothing here, and the way's name. A way is made by a function
that gives its sample. Questions and answers are lines of JSON.
"""

import gc
import json
import math
import sys
import time


def serve(ways):
    name = sys.argv[2]
    if name not in ways:
        raise SystemExit(f"there is no way {name}, but {', '.join(ways)}")
    sample = ways[name]()
    for line in sys.stdin:
        gc.collect()
        answer = sample(json.loads(line)) if line.strip() else sample()
        print(json.dumps(answer), flush=True)


def timed(items, run, shortest_ms=15):
    """A sample of `run`, which does the work of `items` items: µs for each. Short ones are repeated within one time."""
    repeats = 1

    def sample():
        nonlocal repeats
        began = time.perf_counter()
        for _ in range(repeats):
            run()
        took = (time.perf_counter() - began) * 1000
        per_item = took * 1000 / (repeats * items)
        if took < shortest_ms:
            repeats = math.ceil(repeats * min(10, shortest_ms / took))
        return per_item

    return sample
