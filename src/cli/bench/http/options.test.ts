import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { type BenchHttpOptions, addOptions } from "./options.ts";

function parse(...argv: string[]): BenchHttpOptions {
  return command().parse(argv, { from: "user" }).opts<BenchHttpOptions>();
}

function complaint(...argv: string[]): string {
  let said = "";
  assert.throws(() => command().configureOutput({ writeErr: (text) => (said += text) }).parse(argv, { from: "user" }));
  return said;
}

function command(): Command {
  return addOptions(new Command("http").exitOverride());
}

test("bench http asks 1,000 times over 100 connections, with both clients, when nothing is said", () => {
  const { requests, connections, rounds, client, server, json, url } = parse();
  assert.deepEqual({ requests, connections, rounds, client, server, json, url }, { requests: 1_000, connections: 100, rounds: 12, client: "both", server: "auto", json: false, url: undefined });
});

test("bench http takes numbers, a client and a URL", () => {
  const options = parse("--requests", "40", "--connections", "8", "--rounds", "1", "--client", "undici", "--json", "--url", "http://localhost:8080/item");
  assert.deepEqual([options.requests, options.connections, options.rounds, options.client, options.json], [40, 8, 1, "undici", true]);
  assert.equal(options.url?.href, "http://localhost:8080/item");
});

test("bench http says which number it wants, which it saw, and how to write it", () => {
  for (const value of ["0", "-1", "1.5", "ten", "NaN", "1e3", "100001", ""]) {
    assert.match(complaint("--requests", value), /'--requests <n>' argument '.*' is invalid.*a whole number from 1 to 100000/, value);
  }
  assert.match(complaint("--requests", "1,000"), /argument '1,000' is invalid.*digits only/);
});

test("bench http says what a URL must look like, and what was probably meant", () => {
  assert.match(complaint("--url", "localhost:8080"), /begins with http:\/\/ or https:\/\/; did you mean http:\/\/localhost:8080\?/);
  assert.match(complaint("--url", "ftp://host/file"), /begins with http:\/\/ or https:\/\//);
  assert.match(complaint("--url", "/items"), /argument '\/items' is invalid/);
});

test("bench http suggests the option that was meant, and lists the clients there are", () => {
  assert.match(complaint("--round", "3"), /unknown option '--round'\s+\(Did you mean --rounds\?\)/);
  assert.match(complaint("--client", "axios"), /argument 'axios' is invalid. Allowed choices are fetch, undici, both/);
});

test("bench http refuses a server beside a URL, which names one already", () => {
  assert.match(complaint("--server", "embedded", "--url", "http://localhost"), /'--server <kind>' cannot be used with option '--url <url>'/);
});
