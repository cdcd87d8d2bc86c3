/** Leaves a process running, which goes on when whoever listens on this port says so. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { taskGroup } from "espalier";

const [, , port = "", role] = process.argv;
if (role === "left") {
  const socket = connect(Number(port), "127.0.0.1");
  await taskGroup(() => once(socket, "connect"), { name: "left" });
  process.send!("ready");
  await once(socket, "data");
  await taskGroup(() => {}, { name: "late" });
  // What it has told is written now; then the connection closes.
  process.exit();
}
const left = fork(import.meta.filename, [port, "left"], { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
await taskGroup(() => once(left, "message"), { name: "early" });
left.disconnect();
left.unref();
