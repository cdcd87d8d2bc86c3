/** What a cluster of NATS lets in and through: credentials, TLS, large inputs, slow readers. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { moveOnAfter, type TaskGroup, taskGroup } from "espalier";
import { ClusterError, openCluster, serveWorks, type ServeOptions, WorkerDiedError } from "espalier/cluster";
import { isA, thrownBy } from "../../conformance/case.ts";
import { until } from "../../executors/marks.ts";
import { missing, server } from "./nats.ts";
import { bytes, echo } from "./works.ts";

const folder = mkdtempSync(join(tmpdir(), "espalier-borders-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `body` while a worker serves. */
async function beside(options: Omit<ServeOptions, "modules">, body: (group: TaskGroup) => Promise<void>): Promise<void> {
  await moveOnAfter(Infinity, (scope) =>
    scope.group(async (group) => {
      const modules = [new URL("./works.ts", import.meta.url)];
      const serve = (own: Parameters<typeof serveWorks>[1], started: () => void): Promise<never> => serveWorks({ namespace: "borders", modules, threads: { size: 2 }, ...options, onReady: () => started() }, own);
      await group.start(serve, group);
      await body(group);
      scope.cancel();
    }),
  );
}

describe("the borders of a cluster", { skip: missing }, () => {
  test("a token in the address opens it; a wrong one, or none, is told as such", async () => {
    const nats = await server('authorization { token: "s3cr+t" }');
    const url = nats.url.replace("://", "://s3cr%2Bt@");
    await beside({ servers: url }, async (group) => {
      const cluster = openCluster({ servers: url, namespace: "borders" });
      assert.equal(await cluster.run(echo, 1, group), 1);
      await cluster.close();
      for (const servers of [nats.url, nats.url.replace("://", "://wrong@")]) {
        const refused = openCluster({ servers, namespace: "borders" });
        const error = isA(await thrownBy(refused.run(echo, 1, group)), WorkerDiedError);
        assert.equal(error.code, "WORKER_NOT_STARTED");
        assert.equal(isA(error.cause, ClusterError).code, "NOT_CONNECTED");
        assert.match(error.message, /Authorization/i);
        assert.doesNotMatch(error.message, /wrong|s3cr/);
        await refused.close();
      }
    });
    await nats.kill();
  });

  test("where nobody listens, or what is given is no address, the call fails and says so", async () => {
    await taskGroup(async (group) => {
      for (const servers of ["nats://127.0.0.1:1", "nats://", "://"]) {
        const cluster = openCluster({ servers });
        const error = isA(await thrownBy(cluster.run(echo, 1, group)), WorkerDiedError);
        assert.match(error.message, /NATS server/);
        await cluster.close();
      }
      isA(await thrownBy(serveWorks({ servers: "nats://127.0.0.1:1", modules: [new URL("./works.ts", import.meta.url)] }, group)), ClusterError);
      assert.match(isA(await thrownBy(serveWorks({ servers: "nats://127.0.0.1:1", modules: [new URL("./nats.ts", import.meta.url)] }, group)), Error).message, /exports no works/);
    });
  });

  const openssl = spawnSync("openssl", ["version"]).status === 0;
  test("TLS, with certificates on both sides, and a name with a password", { skip: openssl ? false : "openssl is not installed" }, async () => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], { encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    const nats = await server(`tls { cert_file: "${cert}", key_file: "${key}", ca_file: "${cert}", verify: true }\nauthorization { user: "me", password: "mine" }`);
    const options = { servers: nats.url, nats: { user: "me", pass: "mine", tls: { caFile: cert, certFile: cert, keyFile: key } } };
    await beside(options, async (group) => {
      const cluster = openCluster({ ...options, namespace: "borders" });
      assert.equal(await cluster.run(echo, "by TLS", group), "by TLS");
      await cluster.close();
      const plain = openCluster({ servers: nats.url, nats: { user: "me", pass: "mine" }, namespace: "borders" });
      isA(await thrownBy(plain.run(echo, 1, group)), WorkerDiedError);
      await plain.close();
    });
    await nats.kill();
  });

  for (const durable of [false, true]) {
    test(`what is too large for a message goes through the object store, there and back: ${durable ? "durable" : "direct"}`, async () => {
      const nats = await server();
      await beside({ servers: nats.url, durable }, async (group) => {
        const cluster = openCluster({ servers: nats.url, namespace: "borders", durable });
        const large = new Uint8Array(3_000_000).fill(1);
        const [back, made] = await Promise.all([cluster.run(echo, large, group), cluster.run(bytes, 2_500_000, group)]);
        assert.deepEqual([(back as Uint8Array).length, made.length, made[2_499_999]], [3_000_000, 2_500_000, 7]);
        await cluster.close();
      });
      await nats.kill();
    });
  }

  test("without a store, what is too large fails with its size and the limit, on both ways", async () => {
    const nats = await server("no jetstream");
    await beside({ servers: nats.url }, async (group) => {
      const cluster = openCluster({ servers: nats.url, namespace: "borders" });
      for (const call of [() => cluster.run(echo, new Uint8Array(2_000_000), group), () => cluster.run(bytes, 2_000_000, group)]) {
        const error = isA(await thrownBy(call()), ClusterError);
        assert.equal(error.code, "TOO_LARGE");
        assert.match(error.message, /takes 20000\d\d bytes, and a message of this NATS carries 10\d{5}/);
      }
      assert.equal(await cluster.run(echo, "goes on", group), "goes on");
      const kept = openCluster({ servers: nats.url, namespace: "borders", durable: true });
      const error = isA(await thrownBy(kept.run(echo, 1, group)), WorkerDiedError);
      assert.equal(isA(error.cause, ClusterError).code, "NO_JETSTREAM");
      await kept.close();
      await cluster.close();
    });
    await nats.kill();
  });

  test("a caller that reads too slowly is cut off by the server: direct calls are lost at worst, durable ones are not", async () => {
    const nats = await server('max_pending: 1MB\nwrite_deadline: "50ms"');
    await beside({ servers: nats.url, durable: true }, async (group) => {
      for (const durable of [false, true]) {
        const cluster = openCluster({ servers: nats.url, namespace: "borders", durable, lease: 2_000, size: 40 });
        assert.equal(await cluster.run(echo, "connected", group), "connected");
        const calls = Array.from({ length: 60 }, () => group.spawn((scope) => cluster.run(bytes, 400_000, scope).then(({ length }) => length, (error: unknown) => (error instanceof WorkerDiedError ? error.code : String(error)))));
        await until(() => cluster.statistics().running === 40);
        // It reads nothing meanwhile.
        const over = performance.now() + 1_000;
        while (performance.now() < over);
        const ends = new Set(await Promise.all(calls.map((call) => call.join(group))));
        ends.delete(400_000);
        if (!durable) ends.delete("WORKER_LOST");
        assert.deepEqual([...ends], [], durable ? "durable" : "direct");
        assert.equal(await cluster.run(echo, "goes on", group), "goes on");
        await cluster.close();
      }
    });
    await nats.kill();
  });
});
