import { useWindowSize } from '@docusaurus/theme-common';
import type { Props } from '@theme/DocSidebar';
import DocSidebarDesktop from '@theme/DocSidebar/Desktop';
import DocSidebarMobile from '@theme/DocSidebar/Mobile';
import type { ReactNode } from 'react';

/**
 * The list of pages. It is in every page's HTML, and a style hides it on a phone, where the menu has it: to take it out there, as
 * the theme does, is one of the longest tasks of a page's start.
 */
export default function DocSidebar(props: Props): ReactNode {
  return (
    <>
      <DocSidebarDesktop {...props} />
      {useWindowSize() === 'mobile' && <DocSidebarMobile {...props} />}
    </>
  );
}
