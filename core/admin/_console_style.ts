/** The style of the console. It follows the light or dark setting of the reader. */
export const CONSOLE_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#ffffff, #1d2229);
  --line: light-dark(#dfe3e8, #323943);
  --text: light-dark(#1c2128, #e4e8ee);
  --quiet: light-dark(#5b6572, #9aa5b3);
  --blue: light-dark(#2563c9, #6ea8ff);
  --good: light-dark(#1a7f4b, #4cc38a);
  --warn: light-dark(#b45f06, #f0a84b);
  --bad: light-dark(#c2292e, #ff7b72);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.25rem; max-width: 76rem;
  background: var(--page); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
header { display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: baseline; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.6rem 0 .6rem; }
.quiet, small { color: var(--quiet); }
.pill { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.grid { display: grid; gap: .7rem; grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); }
.wide { align-items: start; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .75rem; min-width: 0; }
.card .top { display: flex; justify-content: space-between; gap: .5rem; align-items: baseline; }
.card .name { overflow-wrap: anywhere; font-weight: 600; }
.figure { font-size: 1.5rem; line-height: 1.2; }
svg.chart { display: block; width: 100%; height: 2.6rem; margin-top: .3rem; overflow: visible; }
svg.chart path { fill: none; stroke: var(--blue); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
svg.chart path.fill { fill: var(--blue); fill-opacity: .12; stroke: none; }
svg.chart path.second { stroke: var(--bad); }
.bar { position: relative; display: flex; height: .55rem; border-radius: .3rem; overflow: hidden; background: var(--line); margin: .35rem 0 .15rem; }
.bar span { background: currentColor; }
.bar i { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--text); }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
th, td { text-align: left; padding: .3rem .6rem; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; border-top: 0; }
td.time { white-space: nowrap; }
pre { margin: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; }
summary { cursor: pointer; }
a { color: var(--blue); }
footer { margin-top: 1.8rem; display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .9rem; }
.stale main { opacity: .45; }
`;
