"""The clients of Python: `<client>: <way>`. Answers the questions of `question.ts`."""

import asyncio
import json
import os
import statistics
import sys
import time

BODY_BYTES = 1024


class HttpError(Exception):
    pass


def check(status, address):
    if status != 200:
        raise HttpError(f"GET {address} was answered with status {status}")


class Httpx:
    """A client that lives long flips between two speeds: one for each sample."""

    def __init__(self, connections):
        import httpx

        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self.client = httpx.AsyncClient(limits=limits, timeout=None, trust_env=False)

    async def get(self, address):
        response = await self.client.get(address)
        check(response.status_code, address)
        return len(response.content)

    async def close(self):
        await self.client.aclose()


class Aiohttp:
    def __init__(self, connections):
        import aiohttp

        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=None))

    async def get(self, address):
        async with self.session.get(address) as response:
            body = await response.read()
            check(response.status, address)
            return len(body)

    async def close(self):
        await self.session.close()


class Streams:
    """As much of HTTP as this server needs, on asyncio's own streams."""

    def __init__(self, connections):
        self.room = asyncio.Semaphore(connections)
        self.idle = []

    async def get(self, address):
        host, _, path = address.removeprefix("http://").partition("/")
        async with self.room:
            reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(*host.split(":"))
            try:
                writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length: ")[2].partition("\r\n")[0]) if "content-length" in head else 0
                body = await reader.readexactly(length)
            except BaseException:
                writer.close()  # what was asked for cannot be taken back
                raise
            self.idle.append((reader, writer))
        check(int(head[9:12]), address)
        return len(body)

    async def close(self):
        for _, writer in self.idle:
            writer.close()


async def by_gather(get, count):
    await asyncio.gather(*(get() for _ in range(count)))


async def by_gather_of_results(get, count):
    await asyncio.gather(*(get() for _ in range(count)), return_exceptions=True)


async def by_task_group(get, count):
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(get())


async def by_nursery(get, count):
    import trio

    async with trio.open_nursery() as nursery:
        for _ in range(count):
            nursery.start_soon(get)


async def by_anyio(get, count):
    import anyio

    async with anyio.create_task_group() as group:
        for _ in range(count):
            group.start_soon(get)


class Asker:
    def __init__(self, open_client, join):
        self.open_client = open_client
        self.join = join
        self.under = 0

    async def answer(self, question):
        if question["kind"] == "batch":
            return await self.batches(**question)
        if question["kind"] == "failure":
            return await self.failure(**question)
        await self.quiet()
        return None

    async def batches(self, kind, url, requests, connections, ms):
        """One batch that opens the connections, then those that are measured."""
        client = self.open_client(connections)
        times = []
        received = 0

        async def get():
            nonlocal received
            asked = time.perf_counter()
            size = await client.get(f"{url}/item/0")
            received += size
            times.append((time.perf_counter() - asked) * 1000)

        async def batch():
            nonlocal received
            received = 0
            began = time.perf_counter()
            await self.join(get, requests)
            took = (time.perf_counter() - began) * 1000
            if received != requests * BODY_BYTES:
                raise SystemExit(f"{received} bytes came where {requests} answers of {BODY_BYTES} were asked for")
            return took

        await batch()
        times.clear()
        batches = []
        computed, began = time.process_time(), time.perf_counter()
        while not batches or (time.perf_counter() - began) * 1000 < ms:
            batches.append(await batch())
        cpu = (time.process_time() - computed) * 1000 / len(batches)
        await client.close()
        hundredths = statistics.quantiles(times, n=100, method="inclusive")
        return {"batches": batches, "p50": hundredths[49], "p99": hundredths[98], "requestsPerSecond": 1000 * requests * len(batches) / sum(batches), "cpu": cpu}

    async def failure(self, kind, url, requests, connections):
        """One of them fails: tells when the caller has the error. What goes on is left to go on."""
        self.client = self.open_client(connections)
        failed_at = None
        # In the order in which they begin, which in trio is one of chance: the one that fails must be among the first.
        numbers = iter(range(requests))

        async def get():
            nonlocal failed_at
            self.under += 1
            try:
                await self.client.get(f"{url}/item/{next(numbers)}")
            except Exception as error:
                if failed_at is None and (isinstance(error, HttpError)):
                    failed_at = time.perf_counter()
                raise
            finally:
                self.under -= 1

        try:
            await self.join(get, requests)
        except Exception:
            errored_at = time.perf_counter()
        else:
            raise SystemExit("nothing failed, although one was answered with an error")
        return {"errorAfter": (errored_at - failed_at) * 1000}

    async def quiet(self):
        while self.under > 0:
            await self.sleep(0.005)
        await self.client.close()

    async def serve(self, read_line, sleep):
        self.sleep = sleep
        while line := await read_line():
            print(json.dumps(await self.answer(json.loads(line))), flush=True)


def on_asyncio(open_client, join, loop_factory=None):
    async def main():
        loop = asyncio.get_running_loop()
        await Asker(open_client, join).serve(lambda: loop.run_in_executor(None, sys.stdin.readline), asyncio.sleep)

    def run():
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(main())

    return run


def on_uvloop(open_client, join):
    def run():
        import uvloop

        on_asyncio(open_client, join, uvloop.new_event_loop)()

    return run


def on_trio(open_client, join):
    def run():
        import trio

        async def main():
            await Asker(open_client, join).serve(lambda: trio.to_thread.run_sync(sys.stdin.readline), trio.sleep)

        trio.run(main)

    return run


WAYS = {
    "httpx: gather": on_asyncio(Httpx, by_gather),
    "httpx: gather, return_exceptions": on_asyncio(Httpx, by_gather_of_results),
    "httpx: TaskGroup": on_asyncio(Httpx, by_task_group),
    "httpx: trio": on_trio(Httpx, by_nursery),
    "httpx: anyio": on_asyncio(Httpx, by_anyio),
    "httpx: anyio-trio": on_trio(Httpx, by_anyio),
    "aiohttp: gather": on_asyncio(Aiohttp, by_gather),
    "aiohttp: TaskGroup": on_asyncio(Aiohttp, by_task_group),
    "aiohttp: uvloop": on_uvloop(Aiohttp, by_task_group),
    "streams: TaskGroup": on_asyncio(Streams, by_task_group),
    "streams: uvloop": on_uvloop(Streams, by_task_group),
}

WAYS[sys.argv[2]]()
os._exit(0)
