/** The page as a whole. */
import type { JSX } from "preact";
import { Details } from "./parts/details.tsx";
import { Header } from "./parts/header.tsx";
import { Resources } from "./parts/resources.tsx";
import { Sheet, type SheetProps } from "./parts/sheet.tsx";
import { Toolbar } from "./parts/toolbar.tsx";
import { Warnings } from "./parts/warnings.tsx";

export function App({ ready }: SheetProps): JSX.Element {
  return (
    <>
      <Header />
      <Toolbar />
      <div class="body">
        <Sheet ready={ready} />
        <aside class="aside" aria-label="details">
          <Details />
          <Warnings />
          <Resources />
        </aside>
      </div>
    </>
  );
}
