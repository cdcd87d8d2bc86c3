/** The page of `espalier inspect`, as it is in a browser. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { isInstalled } from "./chromium.ts";
import { inspecting } from "./inspected.ts";

const skip = isInstalled ? false : "chromium is not installed";

/** What a frame took at most. */
interface Frames {
  readonly steps: number;
  readonly rows: number;
  readonly segments: number;
  readonly frames: number;
}

const framesOf = (page: Page): Promise<Frames> => page.evaluate<Frames>("({ ...frames })");
const details = (page: Page): Promise<string> => page.locator(".details").innerText();

/** Waits until a part of the page says something. */
const says = (page: Page, part: string, text: string | RegExp): Promise<void> => page.locator(part, { hasText: text }).first().waitFor();

describe("the page of espalier inspect", { skip }, () => {
  test("shows the tree, equal tasks as one line, and the one that is not", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line, lines, requests, complaints }) => {
      await line("990 ×fetchPage");
      await line("job 17");
      const [crawl, crowd, job] = await lines();
      assert.match(crawl!, /^▾crawltaskGroup sleep >\s/);
      assert.match(crowd!, /^▸990 ×fetchPage sleep >\s/);
      assert.match(job!, /^job 17 wait >\s/);
      await says(page, ".counts", "991 waiting");
      await says(page, ".condition", "live");
      const { origin } = new URL(page.url());
      assert.deepEqual(requests.filter((url) => !url.startsWith(`${origin}/`) && url !== "data:,"), [], "nothing of elsewhere is loaded");
      assert.deepEqual(complaints, [], "the browser and its policy have nothing to complain of");
    }));

  test("opens equal ones, filters, and shows how it was again", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line, lines }) => {
      await line("990 ×");
      await page.locator(".line", { hasText: "990 ×" }).locator(".twisty").click();
      await page.locator(".line", { hasText: /^fetchPage/ }).first().waitFor();
      assert.ok((await lines()).length < 60, "of very many lines those in view are there");
      await page.keyboard.press("/");
      await page.keyboard.type("wait 17");
      await page.locator(".line", { hasText: "fetchPage" }).first().waitFor({ state: "detached" });
      assert.deepEqual((await lines()).map((text) => text.replace(/ >.*/, "")), ["▾crawltaskGroup sleep", "job 17 wait"]);
      await page.fill("#filter", "no such thing");
      await says(page, ".nothing", "Nothing is as the filter says");
      await page.fill("#filter", ">1h");
      await says(page, ".nothing", "Nothing is as the filter says");
      await page.fill("#filter", "");
      await line("990 ×");
    }));

  test("shows all again when Escape is pressed in the filter", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line, lines }) => {
      await line("990 ×");
      await page.locator(".line", { hasText: "job 17" }).click();
      await page.keyboard.press("/");
      await page.keyboard.type("job");
      await page.locator(".line", { hasText: "fetchPage" }).first().waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await line("990 ×");
      assert.equal((await lines()).length, 3);
      assert.equal(await page.locator("#filter").inputValue(), "");
      await says(page, ".details h2", "job 17");
    }));

  test("begins at the top of the details with each selection, and has room for what is told of it later", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line }) => {
      await line("990 ×");
      await page.setViewportSize({ width: 1360, height: 260 });
      await page.route("**/want?*", (route) => route.abort());
      await page.locator(".line", { hasText: "job 17" }).click();
      await says(page, ".details .place", "…");
      const below = (): Promise<number> => page.locator(".details h3").last().evaluate((title) => (title as HTMLElement).offsetTop);
      const before = await below();
      await page.unroute("**/want?*");
      await says(page, ".details .place", "not known");
      assert.equal(await below(), before);
      const top = (): Promise<number> => page.locator(".aside").evaluate((aside) => aside.scrollTop);
      await page.locator(".aside").evaluate((aside) => aside.scrollTo(0, aside.scrollHeight));
      assert.ok((await top()) > 0);
      await page.locator(".line", { hasText: "990 ×" }).click();
      await says(page, ".details h2", "fetchPage");
      assert.equal(await top(), 0);
    }));

  test("says why a task was cancelled, back to what failed, and leads there", () =>
    inspecting("stage.ts", [], async ({ page, line, child }) => {
      await line("stage");
      child.stdin.write("fail\n");
      await line("saving");
      await page.locator(".line", { hasText: "saving" }).locator(".twisty").click();
      await page.locator(".line", { hasText: "save" }).first().locator(".twisty").click();
      await line("bystander");
      await page.locator(".line", { hasText: "bystander" }).click();
      await says(page, ".why", "Why it was cancelled");
      const text = (await details(page)).replaceAll(/\s+/g, " ");
      assert.match(text, /It was cancelled with save at [\d.]+ s, and ended [\d.]+ ms later/);
      assert.match(text, /because "writer" failed, so what runs beside it was cancelled: Error: the disk is full \(writer\)/);
      assert.match(text, /because of Error: ENOSPC/);
      await page.locator(".why").getByRole("button", { name: "writer" }).click();
      await says(page, ".details h2", "writer");
      assert.match(await details(page), /failed with\s+Error: the disk is full/);
      await says(page, ".counts", "1 failed");
    }));

  test("says who has what somebody waits for, and how full a channel is", () =>
    inspecting("stage.ts", [], async ({ page, line, child }) => {
      await line("stage");
      child.stdin.write("receive\n");
      await line("receive(letters)");
      child.stdin.write("pool\n");
      await line("acquire(database)");
      await page.locator(".line", { hasText: "waiter" }).click();
      await says(page, ".details .resource", "1 of 1 lent");
      const chain = (): Promise<string[]> => page.locator(".why > ol > li").allInnerTexts();
      assert.deepEqual((await chain()).map((text) => text.replaceAll(/\s+/g, " ")), ["waiter waits for the pool database, held by holder, which sleeps", "holder sleeps."]);
      assert.match(await page.locator(".details").innerText(), /state[^]*Why it does not get on[^]*pool[^]*since the start/);
      await says(page, ".why", "waiter waits for the pool database, held by");
      const resources = (await page.locator(".resources").innerText()).replaceAll(/\s+/g, " ");
      assert.match(resources, /pool database 1 of 1 lent held by holder for [\d.]+ m?s acquire: 1 waits: waiter/);
      assert.match(resources, /channel letters 0 of 4 in it; 1 sender, which has not sent; 1 receiver receive: 1 waits: reader/);
      const own = (): Promise<string> => page.locator(".details .resource").innerText();
      assert.match((await own()).replaceAll(/\s+/g, " "), /^pool database 1 of 1 lent held by holder for [\d.]+ m?s acquire: 1 waits: waiter$/);
      assert.equal(await page.locator(".details .resource.short .meter.full").count(), 1);
      await page.locator(".why").getByRole("button", { name: "holder" }).first().click();
      await says(page, ".details", "holds");
      assert.match((await own()).replaceAll(/\s+/g, " "), /^pool database 1 of 1, since [\d.]+ s, for [\d.]+ m?s acquire: 1 waits: waiter$/);
      await page.locator(".line", { hasText: "reader" }).click();
      await says(page, ".why", "reader waits for a message on letters; its one sender has not sent. Who has the sender is not known");
    }));

  test("finds who holds what is looked for, and tells whose turn it is", () =>
    inspecting("stage.ts", [], async ({ page, line, lines, child }) => {
      await line("stage");
      child.stdin.write("pool\n");
      await line("acquire(database)");
      await page.locator(".line", { hasText: "holder" }).locator(".badge", { hasText: "holds database" }).waitFor();
      child.stdin.write("queue\n");
      await page.locator(".line", { hasText: "its turn in" }).last().click();
      await says(page, ".why", "waits for its turn: 1 of 1 places of");
      await page.fill("#filter", "database");
      await page.locator(".line", { hasText: "its turn" }).first().waitFor({ state: "detached" });
      assert.match((await lines()).join("; "), /holderholds database sleep/);
    }));

  test("shows a warning with what is known of it by name, as it was at that time", () =>
    inspecting("stage.ts", [], async ({ page, line, child }) => {
      await line("stage");
      child.stdin.write("warn\n");
      await page.locator(".warned", { hasText: "1 warning" }).waitFor();
      assert.match((await page.locator(".warnings li").innerText()).replaceAll(/\s+/g, " "), /^at [\d.]+ s, as it was at that time this pool waits for itself task stage to do Give back\.$/);
      assert.deepEqual(await page.locator(".warnings dt").allInnerTexts(), ["task", "to do"]);
    }));

  test("shows names as they are, whatever is in them", () =>
    inspecting("stage.ts", [], async ({ page, line, child, complaints }) => {
      await line("stage");
      child.stdin.write("hostile\n");
      await line('<img src=x onerror="document.title=1"> & </script>');
      await page.locator(".line", { hasText: "<img" }).click();
      await says(page, ".details h2", "<img src=x");
      assert.equal(await page.title(), "espalier inspect");
      assert.equal(await page.locator("#page img").count(), 0);
      assert.deepEqual(complaints, []);
    }));

  test("tells that the event loop does not come round, and shows what there is all the same", () =>
    inspecting("crowd.ts", ["busy"], async ({ page, line }) => {
      await line("990 ×fetchPage");
      await says(page, ".condition", /event loop blocked for [\d.]+\ss/);
      await says(page, ".delay", "blocked");
    }));

  test("tells the end of the program, and keeps what was seen", () =>
    inspecting("stage.ts", [], async ({ page, line, child }) => {
      await line("stage");
      child.stdin.write("receive\n");
      await line("reader");
      child.stdin.write("exit\n");
      await says(page, ".condition", "ended with code 3");
      await line("reader");
    }));

  test("is used by the keyboard alone", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line }) => {
      await line("990 ×");
      const active = (): Promise<string | null> => page.locator("#tree").getAttribute("aria-activedescendant");
      const selected = (): Promise<string> => page.locator('.line[aria-selected="true"]').first().innerText();
      await page.locator("#tree").focus();
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
      await says(page, ".details h2", "job 17");
      assert.equal(await active(), "line-2");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowRight");
      await page.locator('.line[aria-expanded="true"]', { hasText: "990 ×" }).waitFor();
      await page.keyboard.press("ArrowLeft");
      await page.locator('.line[aria-expanded="false"]', { hasText: "990 ×" }).waitFor();
      await page.keyboard.press("ArrowLeft");
      await says(page, ".details h2", "crawl");
      assert.match(await selected(), /crawl/);
      await page.keyboard.press("Escape");
      await says(page, ".hint", "Select a line");
      await page.keyboard.press(" ");
      await says(page, ".condition", "paused");
      await page.keyboard.press(" ");
      await says(page, ".condition", "live");
      await line("990 ×");
    }));

  test("paints lanes, tells what is under the pointer, and has colours for light and for dark", () =>
    inspecting("crowd.ts", ["idle"], async ({ page, line }) => {
      await line("job 17");
      const ground = (): Promise<string> => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      /** The colour of the lane of job 17, a little before its end. */
      const lane = async (): Promise<string> => {
        await page.waitForFunction(`(() => { const c = document.querySelector(".lanes"); return [...c.getContext("2d").getImageData(c.width - 60, 60, 1, 1).data].some((part) => part > 0); })()`);
        return page.evaluate<string>(`[...document.querySelector(".lanes").getContext("2d").getImageData(document.querySelector(".lanes").width - 60, 60, 1, 1).data].join()`);
      };
      await page.emulateMedia({ colorScheme: "light" });
      const light = [await ground(), await lane()];
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForFunction(`getComputedStyle(document.body).backgroundColor !== ${JSON.stringify(light[0])}`);
      assert.notEqual(await ground(), light[0]);
      assert.match(light[1]!, /^154,107,208,255$/, "the colour of wait()");
      const box = (await page.locator(".lanes").boundingBox())!;
      await page.mouse.move(box.x + box.width - 60, box.y + 60);
      await says(page, ".tip", /wait/);
    }));
});

describe("the page of 50,000 tasks", { skip }, () => {
  test("takes a bounded part of them in each frame, and has a line for the one that is looked for", () =>
    inspecting("fleet.ts", ["50000", "500"], async ({ page, line, lines }) => {
      page.setDefaultTimeout(50_000);
      await says(page, ".counts", "50,000 waiting");
      await line("49,999 ×worker #");
      await line("job 17 of them");
      await page.locator(".line", { hasText: "49,999 ×" }).locator(".twisty").click();
      await page.waitForFunction("document.querySelectorAll('.line').length > 20");
      await page.locator("#tree").evaluate((tree) => (tree.scrollTop = tree.scrollHeight));
      await line("and 49,799 more");
      await page.fill("#filter", "17 of");
      await line("job 17 of them");
      await page.locator(".line", { hasText: "worker" }).first().waitFor({ state: "detached" });
      assert.deepEqual((await lines()).map((text) => text.replace(/ >.*/, "")), ["▾fleettaskGroup sleep", "job 17 of them wait"]);
      await page.fill("#filter", "");
      await line("49,999 ×worker #");
      const { steps, rows, segments, frames } = await framesOf(page);
      assert.ok(steps <= 6_100, `${steps} steps of the tree in a frame`);
      assert.ok(rows <= 4_002, `${rows} lines`);
      assert.ok(segments <= 12_000, `${segments} bars`);
      assert.ok(frames >= 100_000 / 6_100, "so it took many frames");
      assert.ok((await lines()).length <= 60, "and few elements");
    }));
});
