/** Who answers bare requests: `bare.mjs SERVER`. It is one of a queue group, and gives back what it was given. */
import process from "node:process";
import { connect } from "@nats-io/transport-node";

const connection = await connect({ servers: process.argv[2] });
connection.subscribe("noop", { queue: "workers", callback: (_, message) => void message.respond(message.data) });
await connection.flush();
console.log("ready");
