import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import evidence from '@generated/evidence/default/evidence.json';
import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';

const kernels = evidence.kernels.filter(({ set }) => set === '1').map(({ label }) => label);
const all = evidence.kernels.reduce((sum, { steps }) => sum + steps, 0);
const isExact = evidence.kernels.every(({ scenarios, exact }) => scenarios === exact);

const LINKS: readonly (readonly [to: string, title: string])[] = [
  ['/how-we-know', 'How we know'],
  ['/speed', 'Benchmarks'],
  ['/glossary', 'Glossary'],
];

/** What the answers were compared with, and when; the source and its licence. */
export default function Footer(): ReactNode {
  const { customFields } = useDocusaurusContext().siteConfig;
  const source = String(customFields?.source);
  return (
    <footer className="site-footer">
      <div className="site-footer-inner">
        <div>
          <h2 className="site-footer-title">Compared with real kernels</h2>
          <p>
            {formatCount(all)} recorded steps, {isExact ? 'every field equal' : 'not every field equal'}; checked when
            this site was built, on {String(customFields?.lastRun)}.
          </p>
          <p>Kernels: {kernels.join(', ')}.</p>
        </div>
        <nav aria-label="Evidence">
          <h2 className="site-footer-title">Evidence</h2>
          <ul>
            {LINKS.map(([to, title]) => (
              <li key={to}>
                <Link to={to}>{title}</Link>
              </li>
            ))}
          </ul>
        </nav>
        <nav aria-label="Project">
          <h2 className="site-footer-title">Project</h2>
          <ul>
            <li>
              <Link to={source}>Source</Link>
            </li>
            <li>
              <Link to={`${source}/blob/main/LICENSE`}>MIT licence</Link>
            </li>
            <li>
              <Link to={`${source}/blob/main/CONTRIBUTING.md`}>Contributing</Link>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
