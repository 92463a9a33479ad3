import Toggle from '@theme-original/Navbar/MobileSidebar/Toggle';
import type { ReactNode } from 'react';
import { Interactive } from '../../../../components/Interactive.tsx';

/** The button of a phone's menu. */
export default function MobileSidebarToggle(): ReactNode {
  return (
    <Interactive>
      <Toggle />
    </Interactive>
  );
}
