import { PALETTE } from 'fork-sim/picture';

type Colours = Readonly<Record<string, string>>;

/** The CSS variable of a colour. */
export function variable(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function variables(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `${variable(name)}:${value}`)
    .join(';');
}

/** The style of the page: one column, light or dark as the reader has it, on paper light. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;${variables(PALETTE.light)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(PALETTE.dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.6 system-ui,-apple-system,"Segoe UI","Noto Sans",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:22px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:6px 0 10px;max-width:52em;text-wrap:balance}
h2{font-size:17px;margin:40px 0 10px;font-weight:650}
p{margin:0 0 10px;max-width:66ch}
.quiet,caption,th,figcaption{color:var(--quiet)}
.meta{overflow-wrap:anywhere}
code,.mono,td.number,th.number{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.88em;font-variant-numeric:tabular-nums}
code{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 18px;margin:18px 0 0}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere;max-width:80ch}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding-bottom:6px}
th{text-align:left;font-weight:500;font-size:13px;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:bottom}
td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
th.number,td.number{text-align:right;white-space:nowrap}
td.share{min-width:110px;width:24%}
.bar{display:block;height:14px;margin-top:.35em;min-width:2px;background:var(--anonymous);border-radius:4px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar.soft{background:var(--anonymous-soft);outline:1px solid var(--anonymous);outline-offset:-1px}
figure{margin:14px 0 0}
figcaption{font-size:13px;margin-bottom:6px}
.map svg{display:block;width:100%;min-width:900px;height:auto;border:1px solid var(--line);border-radius:4px}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:13px;color:var(--quiet);margin:0 0 8px;padding:0;list-style:none}
.key b{display:inline-block;width:18px;height:12px;margin-right:6px;vertical-align:-1px;border:1px solid var(--quiet);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.chart{display:grid;grid-template-columns:max-content 1fr;gap:2px 10px;font-size:13px;color:var(--quiet);font-variant-numeric:tabular-nums}
.chart svg{display:block;width:100%;height:190px;border-left:1px solid var(--line);border-bottom:1px solid var(--line);overflow:visible}
.chart .y{display:flex;flex-direction:column;justify-content:space-between;text-align:right}
.chart .x{grid-column:2;display:flex;justify-content:space-between}
.area{fill:var(--anonymous-soft);opacity:.6}
.band{fill:var(--anonymous-soft);stroke:var(--anonymous);stroke-width:1.5;vector-effect:non-scaling-stroke}
.peak{stroke:var(--guard);stroke-width:1.5;stroke-dasharray:5 4;vector-effect:non-scaling-stroke}
.limit{stroke:var(--text);stroke-width:2;vector-effect:non-scaling-stroke}
tr.told td{font-weight:650}
.save{font-weight:650;white-space:nowrap}
footer{margin-top:48px;font-size:13px;color:var(--quiet)}
@media (max-width:620px){main{padding:18px 14px 36px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}td.share,th.share,.by code{display:none}}
@media print{main{max-width:none;padding:0}body{font-size:10.5pt}section,figure,tr{break-inside:avoid}.scroll{overflow:visible}.map svg{min-width:0}}
`;
