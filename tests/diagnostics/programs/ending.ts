/** A program that ends in the middle of it, as it is told. */
import { sleepForever, taskGroup } from "espalier";

const ends: Record<string, () => void> = {
  "process.exit": () => process.exit(7),
  "an error": () => void setTimeout(() => {
    throw new Error("not caught");
  }),
  SIGKILL: () => void process.kill(process.pid, "SIGKILL"),
};

void taskGroup(
  async (group) => {
    for (let n = 0; n < 3; n++) group.spawn(sleepForever, { name: "job" });
    await group.checkpoint();
    // A signal that cannot be caught takes along what was not written yet.
    setTimeout(ends[process.argv[2]!]!, 300);
    await sleepForever(group);
  },
  { name: "unfinished" },
);
