/** The page as a whole. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Details } from "./parts/details.tsx";
import { Header } from "./parts/header.tsx";
import { Resources } from "./parts/resources.tsx";
import { Sheet, type SheetProps } from "./parts/sheet.tsx";
import { Toolbar } from "./parts/toolbar.tsx";
import { Warnings } from "./parts/warnings.tsx";
import { selected } from "./view.ts";

export function App({ ready }: SheetProps): JSX.Element {
  return (
    <>
      <Header />
      <Toolbar />
      <div class="body">
        <Sheet ready={ready} />
        <Aside />
      </div>
    </>
  );
}

/** Begins at its top with each selection: what is new is there. */
function Aside(): JSX.Element {
  const aside = useRef<HTMLElement>(null);
  const { value } = selected;
  useLayoutEffect(() => aside.current?.scrollTo(0, 0), [value]);
  return (
    <aside ref={aside} class="aside" aria-label="details">
      <Details />
      <Warnings />
      <Resources />
    </aside>
  );
}
