import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { LITMUS_HELP, OP_HELP, type OpHelp } from 'fork-sim';
import { argumentAt, CALL_HELP, signature } from './callHelp.ts';

/** What is said of the word at a place in a line; `null`: nothing. `at` counts characters from 0. */
function helpAt(line: string, at: number): OpHelp | null {
  const inCall = argumentAt(line, at);
  if (inCall !== null) {
    const argument = inCall.call.args[inCall.argument];
    const form = signature(inCall.call, inCall.argument);
    return argument ? { form, says: `${argument.name}: ${argument.says}` } : null;
  }
  const head = /^\s*(?:\[[^\]]*\]:\s*)?([\w-]+)/.exec(line);
  if (!head || at > head[0].length) return null;
  const name = head[1];
  if (line[head[0].length] === '(') {
    const call = CALL_HELP.find((one) => one.name === name);
    return call ? { form: signature(call), says: call.says } : null;
  }
  return OP_HELP.get(name ?? '') ?? LITMUS_WORDS.get(name ?? '') ?? null;
}

/** The help for claims and header lines, by their first word. */
const LITMUS_WORDS: ReadonlyMap<string, OpHelp> = new Map(
  [...LITMUS_HELP.claims, ...LITMUS_HELP.headers].map((help) => [help.form.split(/[ :]/)[0] as string, help]),
);

/** The help for an operation, a system call, or one of its arguments, where the pointer rests. */
export const hoverHelp = hoverTooltip((view, pos): Tooltip | null => {
  const line = view.state.doc.lineAt(pos);
  const help = helpAt(line.text, pos - line.from);
  if (help === null) return null;
  return {
    pos,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-help';
      const form = dom.appendChild(document.createElement('code'));
      form.textContent = help.form;
      const says = dom.appendChild(document.createElement('p'));
      says.textContent = help.says;
      return { dom };
    },
  };
});
