/**
 * Who may ask: a page that has the token in its address, and comes from here. Other web pages that the user has open can send requests to
 * this machine too, and may have made a name of theirs point to it.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface Refusal {
  readonly status: 403 | 404 | 405;
  readonly why: string;
}

export interface Admission {
  /** What is asked for, without the token. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The names of this machine that nobody else's address can have. */
const hostsOf = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`];

export function admit({ method, headers, url = "" }: IncomingMessage, port: number, token: string): Admission | Refusal {
  const hosts = hostsOf(port);
  if (headers.host === undefined || !hosts.includes(headers.host)) return { status: 403, why: "This is not the name under which the page is served." };
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return { status: 403, why: "Another page asks: it is not answered." };
  if (site !== undefined && site !== "same-origin" && site !== "none") return { status: 403, why: "Another page asks: it is not answered." };
  if (method !== "GET" && method !== "POST") return { status: 405, why: "GET, and POST." };
  // What changes something has to say where it comes from: a browser always does.
  if (method === "POST" && origin === undefined) return { status: 403, why: "It does not say where it comes from." };
  const [, said, path, query] = /^\/([^/?]*)\/([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  if (said === undefined || !isToken(said, token)) return { status: 403, why: "The address lacks the token, or has that of another run. It is the one that espalier inspect has printed." };
  return { path: `${method} ${path}`, query: new URLSearchParams(query ?? "") };
}

function isToken(said: string, token: string): boolean {
  const [one, other] = [Buffer.from(said), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** What every answer says: nothing of the page leaves it, nothing of elsewhere comes into it, and nobody shows it in a frame. */
export const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};
