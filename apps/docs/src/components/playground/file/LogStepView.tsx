import { formatCount } from 'fork-sim/words';
import type { StepAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { logStepSentences } from '../../../words/logPhrases.ts';

/** A call of the log: its result, what the model says, and what became of its neighbours. */
export function LogStepView({ step }: { readonly step: StepAnswer }): ReactNode {
  const { call, log, events, position } = step;
  if (call === null || log === null) {
    return (
      <section className="happened" aria-label="What happened" aria-live="polite">
        <p className="log-call">Before the first call.</p>
      </section>
    );
  }
  const failed = call.errno !== null;
  const caller = log.processes.find(({ pid }) => pid === log.caller);
  return (
    <section className="happened" aria-label="What happened" aria-live="polite">
      <p className="log-call">
        <span className="log-where">
          call {formatCount(position)}, line {formatCount(call.line)}
          {caller?.logPid != null && `, pid ${call.pid ?? caller.logPid}`}
        </span>
        <code>{log.text}</code>
        <span className={failed ? 'result result-error' : 'result result-ok'}>{log.result}</span>
      </p>
      {log.model !== null && (
        <p className="problem">≠ The model answers {log.model}; the replay goes on from what the log says.</p>
      )}
      <ul className="sentences">
        {logStepSentences(events, log).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences of one step, in their order
          <li key={at}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
