/** Why a request of the benchmark failed, in words that help: what was asked, what was seen, what to do. */
import { leaves } from "espalier";
import { CommandError } from "../../failure.ts";
import { HttpError } from "./clients.ts";
import type { Target } from "./target.ts";

interface Attempt {
  readonly doing: string;
  readonly asked: Pick<Target, "kind" | "about">;
}

export function explainFailure(error: unknown, { doing, asked }: Attempt): unknown {
  if (error instanceof CommandError) return error;
  const [first] = leaves(error);
  if (first instanceof HttpError) {
    return new CommandError(`${doing}: ${first.message}`, "The benchmark needs a URL that answers with success: check the path, and that the server allows so many requests.", { cause: error });
  }
  const { code, reason } = rootOf(first);
  return new CommandError(`${doing} failed: ${reason}, asking ${asked.about}`, wayOut(code, asked), { cause: error });
}

function wayOut(code: string | undefined, asked: Attempt["asked"]): string {
  switch (code) {
    case "ECONNREFUSED":
      return "Nothing listens there. Start the server, or leave out --url to measure against the built-in one.";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "The host's name cannot be resolved: check the spelling of --url.";
    case "EMFILE":
    case "ENFILE":
      return "Each connection is an open file, and the system allows no more: raise the limit (ulimit -n), or lower --requests or --connections.";
    case "EADDRNOTAVAIL":
      return "The machine ran out of local ports: wait a minute for the closed ones to be freed, or lower --requests.";
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
    case "UND_ERR_CONNECT_TIMEOUT":
      return asked.kind === "url"
        ? "The server gave up a connection: it may refuse so many at once. Lower --requests or --connections."
        : "A connection was lost: the machine may be overloaded. Lower --requests or --connections.";
    default:
      return asked.kind === "url" ? "Check that the URL answers, for instance with curl." : "Run it again; if it stays so, please report it.";
  }
}

/** fetch hides what happened in the cause of its TypeError, and Node hides several attempts in an AggregateError. */
function rootOf(error: unknown): { readonly code: string | undefined; readonly reason: string } {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (at instanceof AggregateError && at.errors[0] instanceof Error) at = at.errors[0];
  if (!(at instanceof Error)) return { code: undefined, reason: String(at) };
  return { code: "code" in at && typeof at.code === "string" ? at.code : undefined, reason: at.message };
}
