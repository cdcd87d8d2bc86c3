/**
 * A shop whose jobs go well, until job 17: it never ends, and nothing fails. Find out why, with
 *
 *   npx espalier inspect examples/hanging-job.ts
 *
 * The answer is at the end of this file.
 */
import { isCancelled, run, type Scope, sleep, type TaskGroup } from "espalier";
import { channel, type Receiver, type Sender } from "espalier/channel";
import { ResourcePool } from "espalier/sync";

interface Question {
  readonly order: number;
  readonly answer: Sender<boolean>;
}

interface Connection {
  query(what: string, scope: Scope): Promise<void>;
}

const [ask, questions] = channel<Question>(0, { name: "questions" });

/** Stands in for a database. */
function connect(): Connection {
  return { query: (_, scope) => sleep(20 + 60 * Math.random(), scope) };
}

await run((scope) =>
  scope.group(
    async (group) => {
      const database = new ResourcePool(group, { create: connect, max: 2, name: "database" });
      group.spawn((own) => follow(database, own), { name: "follow changes", daemon: true });
      group.spawn((own) => approve(questions, database, own), { name: "approve", daemon: true });
      await group.group((jobs) => work(jobs, database), { name: "jobs", concurrency: 6 });
    },
    { name: "shop" },
  ),
).catch((error: unknown) => {
  // Ctrl-C.
  if (!isCancelled(error)) throw error;
});

function work(jobs: TaskGroup, database: ResourcePool<Connection>): void {
  for (let order = 1; order <= 40; order++) jobs.spawn((scope) => fulfil(order, database, scope), { name: `job ${order}` });
}

/** Reserves what was ordered; somebody has to agree to large orders. */
async function fulfil(order: number, database: ResourcePool<Connection>, scope: Scope): Promise<void> {
  await scope.failAfter(60_000, (limited) => sleep(100 + 200 * Math.random(), limited), { name: "price" });
  await database.use(async (connection) => {
    await connection.query("reserve", scope);
    if (order % 17 === 0) await agreed(order, scope);
    await connection.query("book", scope);
  }, scope);
}

async function agreed(order: number, scope: Scope): Promise<boolean> {
  const [answer, answers] = channel<boolean>(0, { name: `approval of order ${order}` });
  await ask.send({ order, answer }, scope);
  return await answers.receive(scope);
}

/** Answers one question after the other. */
async function approve(asked: Receiver<Question>, database: ResourcePool<Connection>, scope: Scope): Promise<void> {
  for await (const { order, answer } of asked.items(scope)) {
    await database.use((connection) => connection.query(`customer of order ${order}`, scope), scope);
    await answer.send(true, scope);
  }
}

/** Is told of changes, over a connection of its own, for as long as the shop is open. */
function follow(database: ResourcePool<Connection>, scope: Scope): Promise<void> {
  return database.use(async (connection) => {
    for (;;) await connection.query("changes", scope);
  }, scope);
}

/*
 * The pool has two connections. "follow changes" has one for ever. Job 17 has the other, and waits for an approval; "approve", who would give it,
 * waits for a connection to look at the customer. Way out: ask before taking the connection, or give it back while waiting.
 */
