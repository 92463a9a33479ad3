import { type Consumer, type Overview, type SmapsFork, shownProcesses } from 'fork-sim';
import {
  consumerText,
  countOf,
  errnoText,
  failureWhy,
  formatCount,
  formatKb,
  growthText,
  headline,
  helpText,
  makerText,
  moreProcessesText,
  overviewFacts,
  overviewForkText,
  PROCESS_HEADS,
  processCells,
  stackText,
} from 'fork-sim/words';
import type { ReportAnswer } from '../cli/answers.ts';
import { describeSource } from '../draw/describeSource.ts';
import { EMPTY, Html, html } from './htmlText.ts';
import { PAGE_STYLE } from './pageStyle.ts';
import { drawHistory, drawMapPicture } from './pictures.ts';

/** Draws a report as one page that stands alone: style and pictures are in it, and no script. */
export function drawHtml(answer: ReportAnswer): string {
  const { overview, kernel } = answer;
  const said = headline(overview);
  const history = answer.replay?.kernels[0]?.history ?? null;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${said}</title><style>${new Html(PAGE_STYLE)}</style></head>
<body><main>
<header><h1>${said}</h1><p class="quiet meta">${describeSource(answer)}${kernel.measured ? '' : `. ${kernel.note}`}</p></header>
<section><dl>${overviewFacts(overview).map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></section>
${history === null ? EMPTY : section('VMAs over the calls of the log', drawHistory(history, overview.vmas.peak, overview.maxMapCount))}
${drawProcesses(overview)}
${drawConsumers(overview)}
${drawFailures(overview)}
${drawHelps(overview)}
${drawMaps(answer)}
${drawFork(answer)}
${drawNotes(answer)}
<footer>Made by vma-lab, a model of Linux memory mappings. The page needs no other file and no network.</footer>
</main></body></html>
`;
  return page.text;
}

function section(title: string, ...parts: readonly Html[]): Html {
  return html`<section><h2>${title}</h2>${[...parts]}</section>`;
}

/** Processes that are listed. */
const MAX_PROCESSES = 12;

function drawProcesses({ processes, pid }: Overview): Html {
  if (processes.length < 2) return EMPTY;
  const { shown, left } = shownProcesses(processes, pid, MAX_PROCESSES);
  const rows = shown.map(
    (row) =>
      html`<tr${row.pid === pid ? new Html(' class="told"') : ''}>${processCells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  const more = moreProcessesText(left);
  return section(
    'Processes',
    html`<p class="quiet">${formatCount(processes.length)} in the log; the page is about the marked one, pid ${String(pid ?? '')}.</p>`,
    html`<div class="scroll"><table><thead><tr>${PROCESS_HEADS.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`,
    more === '' ? EMPTY : html`<p class="quiet">${more}.</p>`,
  );
}

function drawConsumers({ consumers, of, vmas }: Overview): Html {
  if (consumers.length === 0) return EMPTY;
  const counted = consumers.reduce((sum, one) => sum + one.vmas, 0);
  const caption = counted === vmas.peak ? '' : html`<caption>As of ${countOf(counted, 'VMA')}, near the peak</caption>`;
  const most = Math.max(...consumers.map((one) => one.vmas));
  return section(
    of === 'log' ? 'What takes VMAs at the peak' : 'What takes VMAs',
    html`<div class="scroll"><table>${caption}<thead><tr><th class="number">VMAs</th><th class="share"></th><th>what</th>${of === 'log' ? html`<th>mapped by</th>` : ''}<th>growth</th></tr></thead>
<tbody>${consumers.map((one) => consumerRow(one, counted, most, of))}</tbody></table></div>`,
  );
}

function consumerRow(one: Consumer, counted: number, most: number, of: Overview['of']): Html {
  const share = `${Math.round((100 * one.vmas) / counted)}%`;
  const { made } = one;
  const by = made === null ? '' : html`${makerText(one)}${inStack(one)}<br><code>${made.call}</code>`;
  const width = `${((100 * one.vmas) / most).toFixed(1)}%`;
  return html`<tr><td class="number">${formatCount(one.vmas)}</td><td class="share"><span class="bar${one.kind === 'group' ? '' : ' soft'}" style="width:${width}" title="${share}"></span></td><td>${consumerText(one)}</td>${of === 'log' ? html`<td class="by">${by}</td>` : ''}<td class="quiet">${growthText(one)}</td></tr>`;
}

function inStack(one: Consumer): string {
  const stack = stackText(one);
  return stack === '' ? '' : ` in ${stack}`;
}

/** Failures that are listed. */
const MAX_FAILURES = 100;

function drawFailures({ failures, maxMapCount }: Overview): Html {
  if (failures.length === 0) return EMPTY;
  const rows = failures.slice(0, MAX_FAILURES).map((failure) => {
    const { name, errno, count, lines, first } = failure;
    const at = `${lines.map(formatCount).join(', ')}${count > lines.length ? ', ...' : ''}`;
    return html`<tr><td class="number">${formatCount(count)}</td><td><code>${name}</code> ${errnoText(errno)}</td><td>${failureWhy(failure, maxMapCount)}</td><td>${at}: <code>${first.call}</code></td></tr>`;
  });
  return section(
    'Calls that failed',
    html`<div class="scroll"><table><thead><tr><th class="number">times</th><th>call</th><th>why</th><th>lines, and the first</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

function drawHelps(overview: Overview): Html {
  const { helps } = overview;
  if (helps.length === 0) return EMPTY;
  return section('What would help', html`<ul>${helps.map((help) => html`<li>${helpText(help, overview)}</li>`)}</ul>`);
}

function drawMaps(answer: ReportAnswer): Html {
  const { map, overview } = answer;
  if (map.length === 0) return EMPTY;
  const count = countOf(map.length, 'VMA');
  const key = html`<ul class="key"><li><b style="background:var(--anonymous)"></b>anonymous</li><li><b style="background:var(--file)"></b>private file, one line across</li><li><b style="background:var(--shared)"></b>shared, two lines</li><li><b style="background:var(--special)"></b>special, three lines</li><li>tall and full: writable; pale: read only; low and dashed: no access; cut corner: code</li><li>bar between two: stays apart; dotted: could merge; zigzag: a hole</li></ul>`;
  return section(
    overview.of === 'log' ? 'The map at the end' : 'The map',
    key,
    html`<figure class="map"><figcaption>Every VMA of ${count}: widths grow with the logarithm of the size, low addresses left.</figcaption><div class="scroll">${drawMapPicture(answer, 'log', `The map: ${count}, every one of them to be seen`)}</div></figure>`,
    html`<figure class="map"><figcaption>The same to scale: a page is as wide as another; holes are breaks.</figcaption><div class="scroll">${drawMapPicture(answer, 'pages', `The map to scale: ${count}`)}</div></figure>`,
  );
}

function drawFork({ overview, forks, replay }: ReportAnswer): Html {
  if (overview.vmas.now === 0 || overview.machine !== null) return EMPTY;
  const said = html`<p>A fork ${overviewForkText(overview)}.</p>`;
  const summary = replay?.kernels[0]?.processes[0]?.summary;
  if (summary !== undefined) {
    const { forkTotals, reserves } = summary;
    const rows = [
      ...Object.entries(forkTotals).map(
        ([action, sum]) => [FORK_ACTIONS[action as keyof typeof forkTotals], sum] as const,
      ),
      ['reserve: nothing to fault in', reserves] as const,
    ]
      .filter(([, { vmas }]) => vmas > 0)
      .map(
        ([what, { vmas, pages }]) =>
          html`<tr><td>${what}</td><td class="number">${formatCount(vmas)}</td><td class="number">${formatCount(pages)}</td></tr>`,
      );
    return section(
      'A fork now',
      said,
      html`<div class="scroll"><table><thead><tr><th>what fork does</th><th class="number">VMAs</th><th class="number">pages at most</th></tr></thead><tbody>${rows}</tbody></table></div>`,
    );
  }
  return section(
    'A fork now',
    said,
    html`<div class="scroll"><table><thead><tr><th>kernel</th><th class="number">copied</th><th class="number">entries</th><th class="number">tables at most</th><th class="number">left to refault</th><th class="number">reserves</th></tr></thead><tbody>${forks.map(forkRow)}</tbody></table></div>`,
  );
}

const FORK_ACTIONS = {
  copy: 'copies their page tables',
  refault: 'leaves them to be faulted in',
  wipe: 'leaves them empty in the child',
  skip: 'leaves them out',
} as const;

function forkRow({ profile, copy, entries, childTablesKbAtMost, refault, reserves }: SmapsFork): Html {
  const known = entries === null ? 'not shown' : formatCount(entries);
  return html`<tr><td>${profile}</td><td class="number">${formatCount(copy)}</td><td class="number">${known}</td><td class="number">${formatKb(childTablesKbAtMost)}</td><td class="number">${formatCount(refault)}</td><td class="number">${formatCount(reserves)}</td></tr>`;
}

function drawNotes({ overview, replay, notes }: ReportAnswer): Html {
  const first = replay?.kernels[0]?.processes[0];
  const said = overview.of === 'map' ? notes : (first?.assumptions ?? []);
  const unread = replay?.log.unreadable ?? 0;
  const all = unread > 0 ? [`${countOf(unread, 'line')} of the log could not be read.`, ...said] : said;
  if (all.length === 0) return EMPTY;
  return section('What was assumed', html`<ul>${all.map((note) => html`<li>${note}</li>`)}</ul>`);
}
