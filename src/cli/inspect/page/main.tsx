/** The entry of the page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { listenToKeys } from "./keys.ts";
import { bringIntoView } from "./parts/sheet.tsx";
import { most, startPump } from "./pump.ts";
import type { Lanes } from "./timeline/lanes.ts";

let lanes: Lanes | undefined;

render(<App ready={(made) => (lanes = made)} />, document.querySelector("#page")!);
listenToKeys(
  () => lanes,
  (at) => bringIntoView(document.querySelector("#tree")!, at),
);
startPump((now) => lanes?.draw(now));
// For its tests: what a frame takes at most.
Object.assign(globalThis, { frames: most });
