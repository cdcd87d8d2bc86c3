"""Plays the programs that docs/guide/coming-from-*.md shows of Python: `play.py asyncio`, `trio`, `anyio asyncio`, `anyio trio`.

Standard input is a list of programs in JSON; the answers are lines of JSON, one a program: what it said, or how it failed. A program is the body of
an asynchronous function, or the whole if it starts the loop itself. Its time is virtual, unless it is said to be real: when nothing else is to be
done, it jumps to the next timer.
"""

import asyncio
import importlib
import json
import sys
import textwrap
import traceback

library, backend, names = "", [], {}


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self.ahead = 0.0
        select = self._selector.select

        def jump(timeout=None):
            if not timeout:
                return select(timeout)
            events = select(0)
            if not events:
                self.ahead += timeout
            return events

        self._selector.select = jump

    def time(self):
        return self.ahead


class VirtualLoops(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return VirtualLoop()


def play(main, real):
    asyncio.set_event_loop_policy(None if real else VirtualLoops())
    if library == "asyncio":
        return asyncio.run(main())
    options = {}
    if "trio" in names:
        clock = None if real else importlib.import_module("trio.testing").MockClock(autojump_threshold=0)
        options = {"clock": clock, "strict_exception_groups": True}
    if library == "trio":
        return names["trio"].run(main, **options)
    return names["anyio"].run(main, backend=backend[0], backend_options=options)


async def pause(seconds):
    await names[library].sleep(seconds)


def said_by(code, real):
    said = []

    def say(word):
        said.append(str(word))

    async def work(name, seconds):
        await pause(seconds)
        say(f"{name} is done")
        return name

    scope = {**names, "say": say, "work": work}
    code = textwrap.dedent(code)
    if f"{library}.run(" in code:
        exec(compile(code, "program", "exec"), scope)
    else:
        exec(compile("async def main():\n" + textwrap.indent(code, "    "), "program", "exec"), scope)
        play(scope["main"], real)
    return said


# A process that a program starts may import this module again.
if __name__ == "__main__":
    library, *backend = sys.argv[1:]
    names = {name: importlib.import_module(name) for name in (library, *backend)}
    for program in json.load(sys.stdin):
        try:
            answer = {"says": said_by(program["code"], program["real"])}
        except BaseException:
            answer = {"failed": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
