/**
 * A pipeline: orders come in, are priced by several workers at a time, and are written in batches. Channels with little room lie
 * between the stages, so the slowest sets the pace. When the source ends, each stage ends the next; when one fails, or Ctrl-C is
 * pressed, all of them stop.
 *
 *   npx node --conditions=espalier:source examples/pipeline.ts
 */
import { run, type Scope, sleep } from "espalier";
import { channel, type Receiver, type Sender } from "espalier/channel";

interface Order {
  readonly id: number;
  readonly items: number;
}
interface Priced extends Order {
  readonly total: number;
}

const ORDERS = 20;
const WORKERS = 3;
const BATCH = 8;

async function produce(orders: Sender<Order>, scope: Scope): Promise<void> {
  try {
    for (let id = 1; id <= ORDERS; id++) await orders.send({ id, items: 1 + (id % 4) }, scope);
    console.log(`${ORDERS} orders came in`);
  } finally {
    orders.close();
  }
}

async function price(orders: Receiver<Order>, priced: Sender<Priced>, scope: Scope): Promise<void> {
  try {
    for await (const order of orders.items(scope)) {
      await sleep(order.items, scope);
      await priced.send({ ...order, total: order.items * 25 }, scope);
    }
  } finally {
    priced.close();
    orders.close();
  }
}

/** Writes what has gathered. What is left at the end is written too, also when all is being cancelled: in a shield, with a budget. */
async function write(priced: Receiver<Priced>, scope: Scope): Promise<number> {
  let batch: Priced[] = [];
  let written = 0;
  const flush = async (own: Scope): Promise<void> => {
    await sleep(2, own);
    written += batch.reduce((sum, { total }) => sum + total, 0);
    console.log(`wrote ${batch.length} orders`);
    batch = [];
  };
  try {
    for await (const order of priced.items(scope)) if (batch.push(order) === BATCH) await flush(scope);
  } finally {
    if (batch.length > 0) await scope.shield(flush, { timeout: 1_000 });
  }
  return written;
}

await run(async (scope) => {
  const [toPrice, orders] = channel<Order>(4, { name: "orders" });
  const [toWrite, priced] = channel<Priced>(4, { name: "priced" });
  await scope.group(async (group) => {
    group.spawn((own) => produce(toPrice, own), { name: "source" });
    for (let worker = 1; worker <= WORKERS; worker++) {
      // Each has ends of its own: the writer's channel ends when the last worker has closed his.
      const [mine, out] = [orders.clone(), toWrite.clone()];
      group.spawn((own) => price(mine, out, own), { name: `worker ${worker}` });
    }
    orders.close();
    toWrite.close();
    const total = await group.spawn((own) => write(priced, own), { name: "writer" }).join(group);
    console.log(`in total ${total}`);
  });
});
