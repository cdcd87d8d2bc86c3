/** The look of the page: in the light and in the dark, on paper, and on a narrow screen. */
const light = `
  --page: #fdfdfb; --panel: #f6f6f2; --ink: #22261f; --quiet: #6c7268; --line: #e4e5de;
  --espalier: #2f8f4e; --espalier-ink: #1c6e38; --platform: #64748b; --package: #b7802a; --python: #3a6ea8; --limit: #a3a79d; --guide: #8a6fb0;
  --good: #2f8f4e; --fair: #b7802a; --poor: #c2503f;
  --part-0: #cdd1c8; --part-1: #2f8f4e; --part-2: #c2503f; --part-3: #d9b04c;
  --series-0: #b7802a; --series-1: #3a6ea8; --series-2: #b0529a; --series-3: #2a8c93; --series-4: #c2503f; --series-5: #6f62b5; --series-6: #7a8a2b; --series-7: #8a5a3c;`;

const dark = `
  --page: #16181a; --panel: #1e2124; --ink: #e6e8e3; --quiet: #98a094; --line: #33373a;
  --espalier: #5cc47f; --espalier-ink: #7fdc9e; --platform: #94a3b8; --package: #dca54c; --python: #74a8e0; --limit: #6b7068; --guide: #b79fdc;
  --good: #5cc47f; --fair: #dca54c; --poor: #ec8172;
  --part-0: #474d50; --part-1: #5cc47f; --part-2: #ec8172; --part-3: #e2c265;
  --series-0: #dca54c; --series-1: #74a8e0; --series-2: #dd8ccb; --series-3: #57bdc4; --series-4: #ec8172; --series-5: #a79bea; --series-6: #b4c55a; --series-7: #c99470;`;

export const style = `
:root { color-scheme: light; ${light} }
@media (prefers-color-scheme: dark) { :root:not(:has(#light:checked)) { color-scheme: dark; ${dark} } }
:root:has(#dark:checked) { color-scheme: dark; ${dark} }
@media print { :root { color-scheme: light; ${light} } .colours, nav { display: none } details:not([open]) { display: none } }
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 4rem }
@media (prefers-reduced-motion) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; font-variant-numeric: tabular-nums }
header, main, footer { max-width: 58rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 2.5rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.015em }
h2 { font-size: 1.45rem; margin: 0 0 .3rem; letter-spacing: -.01em }
h3 { font-size: 1.05rem; margin: 0 0 .2rem }
p { margin: .35rem 0 }
.quiet, .about, footer, .key, figcaption p { color: var(--quiet) }
code { font: .88em/1.4 ui-monospace, monospace; background: var(--panel); padding: .1em .35em; border-radius: .25em }
section { margin: 3.2rem 0 0; padding-top: 2rem; border-top: 1px solid var(--line) }
section:first-child { margin-top: 0; border-top: 0 }
figure { margin: 2.2rem 0 }
figcaption { margin-bottom: .8rem }
svg.plot { display: block; width: 100%; min-width: 40rem; height: auto; overflow: visible; --plot-background: var(--page) }
.drawing { overflow-x: auto; overflow-y: hidden; padding-bottom: .2rem }
nav { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); margin-top: 1.4rem }
nav ul { max-width: 58rem; margin: 0 auto; padding: .55rem 1.25rem; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none }
a { color: var(--espalier-ink); text-decoration-thickness: 1px; text-underline-offset: 3px }
nav a { text-decoration: none } nav a:hover { text-decoration: underline }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .88rem }
.key i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .45em }
.key .hollow { background: var(--page); border: 1.5px solid var(--guide); border-radius: 50% }
.noise { display: inline-block; font-size: .82rem; padding: .05em .6em; border-radius: 1em; border: 1px solid currentColor; white-space: nowrap }
.noise.quiet-machine { color: var(--good) } .noise.some { color: var(--fair) } .noise.much { color: var(--poor) }
.warning { border-left: 4px solid var(--poor); padding: .5rem 1rem; background: var(--panel) }
details { margin: .8rem 0 } summary { cursor: pointer; color: var(--quiet); font-size: .92rem }
.table { overflow-x: auto; margin-top: .6rem }
table { border-collapse: collapse; font-size: .86rem; width: 100% }
th, td { padding: .32rem .7rem .32rem 0; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap }
th { color: var(--quiet); font-weight: 500; vertical-align: bottom; white-space: normal }
th:first-child, td:first-child, .words { text-align: left }
td.words { white-space: normal; min-width: 9rem }
tr.espalier td:first-child { font-weight: 650; color: var(--espalier-ink) }
td small { color: var(--quiet); font-size: .92em }
.reached { color: var(--good) } .tolerated { color: var(--fair) } .short { color: var(--poor) }
.notes { font-size: .9rem; color: var(--quiet); padding-left: 1.1rem; margin: .7rem 0 } .notes li { margin: .25rem 0 }
.machine { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0 0; font-size: .92rem } .machine dt { color: var(--quiet) } .machine dd { margin: 0 }
.colours { float: right; border: 0; margin: 0; padding: 0; font-size: .85rem; color: var(--quiet) } .colours label { margin-left: .6rem; cursor: pointer } .colours input { accent-color: var(--espalier); margin: 0 .25rem 0 0; vertical-align: -1px }
footer { margin-top: 4rem; padding-bottom: 3rem; font-size: .88rem }
@media (max-width: 40rem) { .colours { float: none; margin-bottom: 1rem } .colours label:first-of-type { margin-left: 0 } h1 { font-size: 1.6rem } }
`;
