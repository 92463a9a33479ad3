import {
  consumerText,
  errnoText,
  failureWhy,
  formatCount,
  growthText,
  helpText,
  makerText,
  moreProcessesText,
  overviewFacts,
  PROCESS_HEADS,
  processCells,
  stackText,
} from 'fork-sim/words';
import { type Overview, shownProcesses } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { Table } from '../../ScrollTable.tsx';

interface ReportProps {
  readonly overview: Overview;
  /** Goes to a line of the log; absent: it is a map. */
  readonly onLine?: (line: number) => void;
  /** Asks for the report of another process of the log. */
  readonly onProcess?: (pid: number) => void;
}

/** What `vma-lab report` says of the same file: what takes VMAs, what failed, what would help. Its headline stands above the map. */
export function Report({ overview, onLine, onProcess }: ReportProps): ReactNode {
  const { helps } = overview;
  return (
    <section className="report" aria-label="Report">
      <dl className="report-facts">
        {overviewFacts(overview).map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Processes overview={overview} onProcess={onProcess} />
      <Consumers overview={overview} onLine={onLine} />
      <Failures overview={overview} onLine={onLine} />
      {helps.length > 0 && (
        <>
          <h2 className="map-figures-head">What would help</h2>
          <ul className="sentences">
            {helps.map((help) => {
              const text = helpText(help, overview);
              return <li key={text}>{text}</li>;
            })}
          </ul>
        </>
      )}
    </section>
  );
}

/** Processes that are listed. */
const MAX_PROCESSES = 8;

function Processes({
  overview: { processes, pid: told },
  onProcess,
}: {
  readonly overview: Overview;
  readonly onProcess: ReportProps['onProcess'] | undefined;
}): ReactNode {
  if (processes.length < 2) return null;
  const { shown, left } = shownProcesses(processes, told, MAX_PROCESSES);
  const more = moreProcessesText(left);
  return (
    <>
      <Table label="Processes of the log" heads={['', ...PROCESS_HEADS]}>
        {shown.map((row) => {
          const { pid } = row;
          const [number, ...cells] = processCells(row);
          return (
            <tr key={pid}>
              <td>{pid === told ? 'this report' : ''}</td>
              <td>
                {pid === null || pid === told || onProcess === undefined ? (
                  number
                ) : (
                  <button type="button" className="link-button" onClick={() => onProcess(pid)}>
                    {number}
                  </button>
                )}
              </td>
              {cells.map((cell, at) => (
                <td key={PROCESS_HEADS[at + 1]}>{cell}</td>
              ))}
            </tr>
          );
        })}
      </Table>
      {more !== '' && <p>{more}.</p>}
    </>
  );
}

type PartProps = Pick<ReportProps, 'overview'> & { readonly onLine: ReportProps['onLine'] | undefined };

function Consumers({ overview: { consumers }, onLine }: PartProps): ReactNode {
  const isLog = onLine !== undefined;
  return (
    <Table label="What takes VMAs" heads={['VMAs', 'what', ...(isLog ? ['mapped by'] : []), 'growth']}>
      {consumers.map((one) => {
        const text = consumerText(one);
        return (
          <tr key={text}>
            <td>{formatCount(one.vmas)}</td>
            <td>{text}</td>
            {isLog && (
              <td>
                {one.made !== null && (
                  <>
                    <LineLink line={one.made.line} onLine={onLine} />
                    {makerText(one).replace(/^line [\d,]+/, '')}
                    {stackText(one) !== '' && ` in ${stackText(one)}`}
                  </>
                )}
              </td>
            )}
            <td>{growthText(one)}</td>
          </tr>
        );
      })}
    </Table>
  );
}

/** Kinds of failures that are listed. */
const MAX_FAILURES = 50;

function Failures({ overview: { failures, maxMapCount }, onLine }: PartProps): ReactNode {
  if (failures.length === 0) return null;
  return (
    <Table label="Calls that failed" heads={['times', 'call', 'first', 'why']}>
      {failures.slice(0, MAX_FAILURES).map((failure) => (
        <tr key={`${failure.pid} ${failure.first.line} ${failure.name} ${failure.errno}`}>
          <td>{formatCount(failure.count)}</td>
          <td>
            <code>{failure.name}</code> {errnoText(failure.errno)}
          </td>
          <td>
            <LineLink line={failure.first.line} onLine={onLine} />
          </td>
          <td>{failureWhy(failure, maxMapCount)}</td>
        </tr>
      ))}
    </Table>
  );
}

function LineLink({ line, onLine }: { readonly line: number; readonly onLine: PartProps['onLine'] }): ReactNode {
  const text = `line ${formatCount(line)}`;
  if (onLine === undefined) return text;
  return (
    <button type="button" className="link-button" onClick={() => onLine(line)}>
      {text}
    </button>
  );
}
