/**
 * The server's process: the hidden command `espalier bench serve [--nginx]`, started by `supervise.ts`.
 *
 * Prints one line of JSON, a `Hello`, when it is ready. Lives exactly as long as its standard input is open: however
 * the driver ends, even killed, the pipe closes and this process ends with everything it started. For that it does
 * not listen to a terminal's Ctrl-C or hang-up, which reach it too: the driver decides.
 */
import { openControl } from "./control.ts";
import { startNginx } from "./nginx.ts";

export interface Hello {
  /** Where sites are opened and read. */
  readonly control: string;
  /** nginx, when it was asked for and runs; or why it does not. */
  readonly nginx?: { readonly url: string; readonly version: string } | { readonly unavailable: string };
}

export async function serve(options: { readonly nginx: boolean }): Promise<void> {
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
  const control = await openControl();
  const nginx = options.nginx ? await startNginx() : undefined;

  function end(): void {
    if (nginx !== undefined && "stop" in nginx) nginx.stop();
    process.exit();
  }
  process.on("SIGTERM", end);
  process.stdin.on("end", end).on("error", end).resume();

  const hello: Hello = nginx === undefined ? { control: control.url } : { control: control.url, nginx };
  process.stdout.write(`${JSON.stringify(hello)}\n`);
}
