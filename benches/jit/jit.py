"""The workloads of this suite in Python: `<workload>: <way>`."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
from ways import serve, timed  # noqa: E402

QUICK = os.environ.get("BENCH_QUICK") == "1"


def matmul():
    size = 32
    a = [[(row * 7 + column * 3) % 11 - 5.5 for column in range(size)] for row in range(size)]
    b = [[(row * 5 + column * 13) % 7 - 3.5 for column in range(size)] for row in range(size)]

    def multiply():
        product = []
        for row in a:
            sums = []
            for column in range(size):
                total = 0.0
                for k in range(size):
                    total += row[k] * b[k][column]
                sums.append(total)
            product.append(sums)
        return product

    return timed(1, multiply, 40)


def parse():
    records = [{"id": n, "name": f"user number {n}", "email": f"user{n}@example.com", "active": n % 3 == 0, "score": n / 7, "tags": ["a", "b"]} for n in range(8_600)]
    text = json.dumps(records, separators=(",", ":"))
    return timed(1, lambda: json.loads(text), 40)


COUNT = 1_000 if QUICK else 100_000


def records():
    return [
        {
            "id": n,
            "name": f"user number {n}",
            "email": f"user{n}@example.com",
            "age": -1 if n % 100 == 99 else 18 + n % 60,
            "tags": ["reader", f"group {n % 7}"],
            "address": {"street": f"street {n % 500}", "city": f"city {n % 50}", "code": f"{10_000 + n % 80_000}"},
        }
        for n in range(COUNT)
    ]


def validating(is_valid):
    every = records()

    def run():
        valid = sum(1 for record in every if is_valid(record))
        if valid != COUNT * 0.99:
            raise SystemExit(f"{valid} of {COUNT} were valid")

    return timed(COUNT, run, 40)


def by_hand():
    def is_valid(value):
        if not isinstance(value, dict) or type(value["id"]) is not int or not isinstance(value["name"], str) or not isinstance(value["email"], str):
            return False
        if type(value["age"]) is not int or value["age"] < 0 or value["age"] > 150:
            return False
        if not isinstance(value["tags"], list) or not all(isinstance(tag, str) for tag in value["tags"]):
            return False
        address = value["address"]
        return isinstance(address, dict) and all(isinstance(address[key], str) for key in ("street", "city", "code"))

    return validating(is_valid)


def pydantic():
    from pydantic import BaseModel, Field, ValidationError

    class Address(BaseModel):
        street: str
        city: str
        code: str

    class User(BaseModel):
        id: int
        name: str
        email: str
        age: int = Field(ge=0, le=150)
        tags: list[str]
        address: Address

    def is_valid(value):
        try:
            User.model_validate(value)
        except ValidationError:
            return False
        return True

    return validating(is_valid)


def dispatch():
    items = 100 if QUICK else 10_000
    runner = asyncio.Runner()

    async def work(number):
        await asyncio.sleep(0)
        return number

    async def main():
        async with asyncio.TaskGroup() as group:
            for number in range(items):
                group.create_task(work(number))

    return timed(items, lambda: runner.run(main()), 40)


def handler():
    """As `workloads/handler.mjs`; the sample is told how its clients are started."""
    from aiohttp import web

    orders = {n: {"id": n, "customer": f"customer {n % 7}", "lines": [{"article": "an apple", "price": 30, "count": n}], "last": "end"} for n in range(100)}

    async def handle(request):
        order = orders.get(int(request.match_info["id"]))
        await asyncio.sleep(0)
        return web.json_response(order if order is not None else {"error": "there is no such order", "last": "end"}, status=404 if order is None else 200)

    ready = threading.Event()
    port = 0

    async def main():
        nonlocal port
        app = web.Application()
        app.router.add_get("/orders/{id}", handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    ready.wait()
    items = 50 if QUICK else 4_000
    load = None

    def sample(clients):
        nonlocal load
        if load is None:
            load = subprocess.Popen([*clients, str(port), "32"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        began = time.perf_counter()
        load.stdin.write(f"{items}\n")
        load.stdin.flush()
        if not load.stdout.readline():
            raise SystemExit("the clients ended without an answer")
        return (time.perf_counter() - began) * 1e6 / items

    return sample


serve({"matmul: list": matmul, "json: parse": parse, "validation: by hand": by_hand, "validation: pydantic": pydantic, "dispatch: TaskGroup": dispatch, "handler: aiohttp": handler})
os._exit(0)
