import { countOf, flagsDiffWords, formatCount, unusedMapSentence } from 'fork-sim/words';
import type { StraceAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';

interface LogNotesProps {
  readonly answer: StraceAnswer;
  readonly name: string;
  readonly onLine: (line: number) => void;
}

/** Lines that are listed at most. */
const MAX_LINES = 200;

/** What else was noticed: what kept neighbours apart over the log, what was assumed, what could not be read. */
export function LogNotes({ answer, name, onLine }: LogNotesProps): ReactNode {
  const { outcome, unreadable, unread, mended, unused } = answer;
  return (
    <>
      {outcome !== null && outcome.violations.length > 0 && (
        <section className="problems" aria-label="The model is wrong">
          <p className="verdict">The model breaks rules of its own here. It is wrong then: please report it.</p>
          <ul className="sentences">
            {outcome.violations.slice(0, 20).map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </section>
      )}
      {unused.length > 0 && (
        <ul className="sentences">
          {unused.map((map) => (
            <li key={`${map.map} ${map.pid}`}>{unusedMapSentence(map)}</li>
          ))}
        </ul>
      )}
      {outcome !== null && outcome.refusals.length > 0 && (
        <details>
          <summary>What kept neighbours apart over the whole log</summary>
          <ul className="sentences">
            {outcome.refusals.slice(0, 20).map(({ rule, flags, count: times, examples: [first] }) => (
              <li key={`${rule} ${flags}`}>
                <code>{rule}</code> {flagsDiffWords(flags)}: {countOf(times, 'time')}
                {first !== undefined && (
                  <>
                    , first in{' '}
                    <button type="button" className="link-button" onClick={() => onLine(first.line)}>
                      line {formatCount(first.line)}
                    </button>
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {outcome !== null && outcome.outsideResults.count > 0 && (
        <details>
          <summary>{countOf(outcome.outsideResults.count, 'call')} failed for a reason outside of the model</summary>
          <ul className="sentences">
            {outcome.outsideResults.examples.map(({ line, call, log, why }) => (
              <li key={line}>
                <button type="button" className="link-button" onClick={() => onLine(line)}>
                  line {formatCount(line)}
                </button>{' '}
                <code>{call}</code> {log}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      {outcome !== null && (outcome.notModelled.length > 0 || outcome.assumptions.length > 0) && (
        <details>
          <summary>Assumptions, and calls that are not modelled</summary>
          <ul className="sentences">
            {outcome.assumptions.map((one) => (
              <li key={one}>{one}</li>
            ))}
            {outcome.notModelled.map(({ name: call, why, count: times }) => (
              <li key={`${call} ${why}`}>
                {call}, {countOf(times, 'time')}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      {outcome !== null && outcome.others.length > 0 && (
        <details>
          <summary>What was noticed of {countOf(outcome.others.length, 'other process', 'other processes')}</summary>
          <ul className="sentences">
            {outcome.others.flatMap(({ pid, program, notModelled, wrongPlaces, wrongResults }) => [
              ...notModelled.map(({ name: call, why, count: times }) => (
                <li key={`${pid} ${call} ${why}`}>
                  Pid {pid ?? '?'} {program}: {call}, {countOf(times, 'time')}: {why}
                </li>
              )),
              ...[...wrongPlaces.examples, ...wrongResults.examples].map(({ line, call }) => (
                <li key={`${pid} ${line}`}>
                  Pid {pid ?? '?'} {program}: line {formatCount(line)}, {call}, came out differently
                </li>
              )),
            ])}
          </ul>
        </details>
      )}
      {mended > 0 && <p>{countOf(mended, 'line')} could be read once quoting, colours or wrapping were taken off.</p>}
      {unread > 0 && (
        <details className="unreadable">
          <summary>{countOf(unread, 'line')} could not be read</summary>
          <ul>
            {unreadable.slice(0, MAX_LINES).map(({ line, column, why, text }) => (
              <li key={`${line}:${column}`}>
                {name}:{line}:{column}: {why} <code>{text.slice(0, 80)}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
