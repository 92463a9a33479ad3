import type { Props } from '@theme/TOCCollapsible/CollapseButton';
import CollapseButton from '@theme-original/TOCCollapsible/CollapseButton';
import type { ReactNode } from 'react';
import { Interactive } from '../../../components/Interactive.tsx';

/** The button of a page's contents, where the page is narrow. */
export default function TOCCollapseButton(props: Props): ReactNode {
  return (
    <Interactive>
      <CollapseButton {...props} />
    </Interactive>
  );
}
