import { testRule } from "./rule-tester.mjs";

const head = `import { sleep, isCancelled, CancelledError, taskGroup, moveOnAfter, type Scope } from "espalier";\n`;
const ts = (/** @type {string} */ code) => head + code;
const f = (/** @type {string} */ body) => ts(`async function f(scope: Scope) { ${body} }`);
const swallowed = { messageId: "swallowed" };

/** @param {string} before @param {string} after @param {string} [statement] */
const asks = (before, after, statement = "scope.throwIfCancelled();") => ({
  code: f(before),
  errors: [{ ...swallowed, suggestions: [{ messageId: "ask", data: { statement }, output: f(after) }] }],
});

testRule("no-swallowed-cancellation", {
  valid: [
    f(`try { await sleep(1, scope); } catch (error) { console.log(error); throw error; }`),
    f(`try { await sleep(1, scope); } catch (error) { if (isCancelled(error)) throw error; console.log(error); }`),
    f(`try { await sleep(1, scope); } catch (error) { if (error instanceof CancelledError) return; console.log(error); }`),
    f(`try { await sleep(1, scope); } catch (error) { scope.throwIfCancelled(); console.log(error); }`),
    f(`try { await sleep(1, scope); } catch (error) { if (!scope.cancelled) console.log(error); }`),
    f(`try { await fetch("/", scope); } catch (error) { if (scope.signal.aborted) return; console.log(error); }`),
    f(`try { await fetch("/", scope); } catch (error) { if (error.name !== "AbortError") console.log(error); }`),
    f(`try { await fetch("/", scope); } catch (error) { if ((error as NodeJS.ErrnoException).code === "ABORT_ERR") return; }`),
    f(`try { await load("/", scope); } catch (error) { if (!(error instanceof HttpError)) throw error; console.log(error); }`),
    f(`try { await load("/", scope); } catch (error) { throw new Error("no page", { cause: error }); }`),
    { name: "the next wait throws it again", code: f(`try { await load("/", scope); } catch (error) { console.log(error); await sleep(1_000, scope); }`) },
    { name: "the error is kept, or handed on", code: f(`let failure; try { await load("/", scope); } catch (error) { failure = error; }`) },
    f(`const failures = []; try { await load("/", scope); } catch (error) { failures.push(error); }`),
    f(`try { await load("/", scope); } catch (error) { return error; }`),
    f(`try { await load("/", scope); } catch (error) { return { error }; }`),
    f(`try { await load("/", scope); } catch (error) { settle(error); }`),
    f(`return new Promise((resolve, reject) => { load("/", scope).catch((error) => reject(error)); });`),
    f(`return load("/", scope).catch(() => Promise.reject(new Error("no page")));`),
    f(`return load("/", scope).catch((error) => { if (isCancelled(error)) throw error; return "none"; });`),
    f(`return load("/", scope).catch((error) => error);`),
    f(`return load("/", scope).catch(rethrowAll);`),
    f(`await load("/", scope).catch((error: unknown) => assert.ok(error instanceof HttpError));`),
    { name: "what is not awaited there is not caught there", code: f(`try { group.spawn(async (own) => { await sleep(1, own); }); } catch (error) { console.log(error); }`) },
    { name: "what knows no scope is not interrupted", code: f(`try { await load("/"); } catch (error) { console.log(error); }`) },
    { name: "nobody cancels a root", code: ts(`try { await taskGroup((group) => { group.spawn(() => {}); }); } catch (error) { console.log(error); }`) },
    f(`try { await taskGroup((group) => { group.spawn(() => {}); }); } catch (error) { console.log(error); }`),
    { name: "a shield is not interrupted", code: f(`try { await scope.shield((own) => close(own)); } catch (error) { console.log(error); }`) },
    { name: "an inner catch lets it pass first", code: f(`try { try { await sleep(1, scope); } catch (error) { return error; } } catch (error) { console.log(error); }`) },
    { name: "a finally catches nothing", code: f(`try { await sleep(1, scope); } finally { console.log("over"); }`) },
    { name: "parsing beside a wait", code: f(`const text = await load("/", scope); try { JSON.parse(text); } catch { return undefined; }`) },
    { name: "without the library", code: `async function f(scope) { try { await load(scope); } catch {} }` },
  ],
  invalid: [
    asks(`try { await sleep(1, scope); } catch (error) { console.log(error); }`, `try { await sleep(1, scope); } catch (error) { scope.throwIfCancelled(); console.log(error); }`),
    asks(`try { await sleep(1, scope); } catch {}`, `try { await sleep(1, scope); } catch { scope.throwIfCancelled(); }`),
    asks(`try { await fetch("/", scope); } catch (error) {\n    return undefined;\n  }`, `try { await fetch("/", scope); } catch (error) {\n    scope.throwIfCancelled();\n    return undefined;\n  }`),
    asks(`try { return await (await load("/", { signal: scope.signal })).json(); } catch { return "none"; }`, `try { return await (await load("/", { signal: scope.signal })).json(); } catch { scope.throwIfCancelled(); return "none"; }`),
    asks(`try { for await (const item of receiver.items(scope)) print(item); } catch (error) { logger.warn("stopped", error); }`, `try { for await (const item of receiver.items(scope)) print(item); } catch (error) { scope.throwIfCancelled(); logger.warn("stopped", error); }`),
    asks(`try { await scope.failAfter(5, g); } catch (error) { if (error instanceof TypeError) return; }`, `try { await scope.failAfter(5, g); } catch (error) { scope.throwIfCancelled(); if (error instanceof TypeError) return; }`),
    asks(`for (;;) { try { await poll({ ...scope }); } catch (error) { console.error(String(error)); } }`, `for (;;) { try { await poll({ ...scope }); } catch (error) { scope.throwIfCancelled(); console.error(String(error)); } }`),
    asks(`await load("/", scope).catch(() => {});`, `await load("/", scope).catch(() => { scope.throwIfCancelled(); });`),
    { name: "nothing is suggested for an arrow without a block", code: f(`return load("/", scope).catch(() => "none");`), errors: [swallowed] },
    {
      name: "in a task, in JavaScript, of a group that a re-export opened",
      settings: { espalier: { packages: ["#lib/*"] } },
      code: `import { taskGroup as open } from "#lib/tasks.js"; await open((group) => { group.spawn(async (own) => { try { await load(own); } catch { count++; } }); });`,
      errors: [{ ...swallowed, suggestions: [{ messageId: "ask", output: `import { taskGroup as open } from "#lib/tasks.js"; await open((group) => { group.spawn(async (own) => { try { await load(own); } catch { own.throwIfCancelled(); count++; } }); });` }] }],
    },
    {
      name: "with what has a signal only",
      code: `import { sleep, type Cancellable } from "espalier"; async function f(by: Cancellable) { try { await sleep(1, by); } catch {} }`,
      errors: [{ ...swallowed, suggestions: [{ messageId: "ask", data: { statement: "by.signal.throwIfAborted();" }, output: `import { sleep, type Cancellable } from "espalier"; async function f(by: Cancellable) { try { await sleep(1, by); } catch { by.signal.throwIfAborted(); } }` }] }],
    },
  ],
});
