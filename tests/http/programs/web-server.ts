/** A service of web Requests on the server of the runtime, Bun's or Deno's: it prints its port, and ends by a signal. */
import { isCancelled, run, type Scope } from "espalier";
import { downstream, HttpService, webHandler } from "espalier/http";

interface Servers {
  readonly Bun?: { serve(options: object): { readonly port: number; stop(cuts?: boolean): unknown } };
  readonly Deno?: { serve(options: object, handler: (request: Request) => Promise<Response>): { shutdown(): unknown } };
}
const { Bun, Deno } = globalThis as unknown as Servers;

const service = new HttpService({ deadline: 20_000, drain: 10_000 });

/** `/ask?url=…` gives what another service answers, anything else fails. */
const handler = webHandler(service, async (request, group) => {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== "/ask") throw new Error("E");
  const response = await fetch(searchParams.get("url")!, downstream(group));
  return new Response(await response.text());
});
const failed = (error: Error): Response => new Response(`the server's own: ${error.message}`, { status: 500 });

async function serve(scope: Scope): Promise<void> {
  if (Bun !== undefined) {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: handler, error: failed });
    console.log(server.port);
    return service.serve({ stop: () => server.stop(), close: () => server.stop(true) }, scope);
  }
  const onListen = ({ port }: { port: number }): void => console.log(port);
  const server = Deno!.serve({ port: 0, hostname: "127.0.0.1", onListen, onError: failed }, handler);
  return service.serve({ stop: () => server.shutdown(), close() {} }, scope);
}

await run(serve).catch((error: unknown) => {
  console.log(JSON.stringify(service.statistics()));
  if (!isCancelled(error)) throw error;
});
