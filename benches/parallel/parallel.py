"""Python's executors at the pieces of this suite: `<piece>: <threads | processes | inline> <workers>`.

Each sample is told for how many ms it lasts, and gives the ms of one piece and how often it was done.
"""

import functools
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve  # noqa: E402

SIZE = 160
BANDS = 16
DOCUMENTS = 32
ORDERS = 800

A = [[float((row * 7 + column * 3) % 11 - 5) for column in range(SIZE)] for row in range(SIZE)]
B = [[float((row * 5 + column * 13) % 7 - 3) for column in range(SIZE)] for row in range(SIZE)]


def multiply(rows, b):
    """Three loops, as one writes them: rows of the product."""
    product = []
    for row in rows:
        sums = [0.0] * SIZE
        for k in range(SIZE):
            factor = row[k]
            line = b[k]
            for column in range(SIZE):
                sums[column] += factor * line[column]
        product.append(sums)
    return product


def orders(document):
    """As `json.ts` makes them."""

    def one(number):
        seed = document * 7919 + number * 31
        lines = [{"article": f"article {(seed * 13 + line * 7) % 200}", "price": (seed * 17 + line) % 9900 / 100, "count": 1 + (seed + line) % 9} for line in range(1 + seed % 4)]
        return {"id": seed, "customer": f"customer {seed % 97}", "state": "cancelled" if seed % 11 == 0 else "paid", "note": "to be left with the neighbours, please", "lines": lines}

    return json.dumps([one(number) for number in range(ORDERS)], separators=(",", ":"))


def totals(document):
    customers = {}
    for order in json.loads(document):
        if order["state"] == "cancelled":
            continue
        known = customers.setdefault(order["customer"], {"customer": order["customer"], "orders": 0, "total": 0, "articles": set()})
        known["orders"] += 1
        for line in order["lines"]:
            known["total"] += line["price"] * line["count"]
            known["articles"].add(line["article"])
    ordered = sorted(customers.values(), key=lambda one: (-one["total"], one["customer"]))
    return json.dumps([{**one, "articles": sorted(one["articles"])} for one in ordered], separators=(",", ":"))


def matmul(submit, workers, is_shared):
    """Threads take a band each from what they share; processes get their part once."""
    parts = BANDS if is_shared else workers
    cuts = [round(part * SIZE / parts) for part in range(parts + 1)]
    return submit(multiply, [(A[start:end], B) for start, end in zip(cuts, cuts[1:])])


@functools.cache
def documents():
    return [orders(document) for document in range(DOCUMENTS)]


def transform(submit, workers, is_shared):
    return submit(totals, [(document,) for document in documents()])


def in_place(function, calls):
    return [function(*call) for call in calls]


def by(executor):
    return lambda function, calls: [future.result() for future in [executor.submit(function, *call) for call in calls]]


def sampling(piece, executor_kind, workers):
    def make():
        submit = in_place if executor_kind is None else by(executor_kind(workers))
        once = functools.partial(piece, submit, workers, executor_kind is not ProcessPoolExecutor)
        once()

        def sample(lasting):
            began, times = time.perf_counter(), 0
            while times == 0 or (time.perf_counter() - began) * 1000 < lasting:
                once()
                times += 1
            return {"ms": (time.perf_counter() - began) * 1000 / times, "times": times}

        return sample

    return make


def ways():
    kinds = {"inline": None, "threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    name, _, workers = sys.argv[2].rpartition(" ")
    for piece_name, piece in {"matmul": matmul, "json": transform}.items():
        for kind_name, kind in kinds.items():
            if name == f"{piece_name}: {kind_name}":
                return {sys.argv[2]: sampling(piece, kind, int(workers))}
    return {}


if __name__ == "__main__":
    serve(ways())
