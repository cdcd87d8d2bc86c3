/** How a worker is, for who looks after it: by HTTP, since that is what they all ask. */
import { createServer } from "node:http";
import type { ServingWorker } from "espalier/cluster";
import { CommandError } from "../failure.ts";

export interface Health {
  close(): void;
}

/** Listens at a port of loopback, or of the host that is given: `8080`, `0.0.0.0:8080`. Throws CommandError for what is no port; `told` of one that cannot be had. */
export function openHealth(where: string, worker: ServingWorker, told: (problem: string) => void): Health {
  const at = where.lastIndexOf(":");
  const [host, port] = [at < 0 ? "127.0.0.1" : where.slice(0, at), Number(where.slice(at + 1))];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CommandError(`--health needs a port, and got "${where}".`, "Give 8080, or 0.0.0.0:8080 for all that can reach this machine.", { exitCode: 2 });
  const server = createServer((_, response) => {
    response.writeHead(worker.isDraining ? 503 : 200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(`${JSON.stringify({ status: worker.isDraining ? "draining" : "ok", name: worker.name, works: worker.works, ...worker.statistics() })}\n`);
  });
  server.on("error", (error) => told(`Nothing answers at ${where}: ${error.message}.`));
  server.listen(port, host);
  server.unref();
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
