/** G18: what is waited for until a time keeps the process alive; what is waited for without one does not. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe } from "node:test";
import { promisify } from "node:util";
import { same, scenario } from "../case.ts";
import { commandOfText } from "../programs/this-runtime.ts";

describe("G18: the process stays alive while a deadline or a sleep is waited for", () => {
  const programs: Record<string, string> = {
    "a sleep": `await sleep(20, { signal: new AbortController().signal }); console.log("done");`,
    "a deadline of a body that waits for what keeps nothing alive": `
      await failAfter(20, (scope) => scope.wait(new Promise(() => {}))).catch((error) => console.log(error.name === "TimeoutError" && "done"));`,
    "a shield's timeout": `
      await moveOnAfter(1, (scope) => scope.shield((shield) => sleepForever(shield), { timeout: 20 })).catch((error) => console.log(error.name === "TimeoutError" && "done"));`,
  };
  for (const [what, program] of Object.entries(programs)) {
    scenario(`G18: ${what}`, async () => {
      const source = `import { failAfter, moveOnAfter, sleep, sleepForever } from "espalier"; ${program}`;
      const { stdout } = await promisify(execFile)(...commandOfText(source));
      assert.equal(stdout, "done\n");
    });
  }

  scenario("G18: what waits without a deadline keeps nothing alive, as in the platform", async () => {
    const source = `import { taskGroup, sleepForever } from "espalier"; void taskGroup((group) => sleepForever(group)).finally(() => console.log("settled"));`;
    const { stdout } = await promisify(execFile)(...commandOfText(source));
    same([stdout], [""]);
  });
});
