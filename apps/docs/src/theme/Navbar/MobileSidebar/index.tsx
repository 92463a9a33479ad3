import { useNavbarMobileSidebar } from '@docusaurus/theme-common/internal';
import MobileSidebar from '@theme-original/Navbar/MobileSidebar';
import { type ReactNode, useState } from 'react';

/** The menu of a phone. It holds the list of all pages, so it is made when it is first opened, not whenever a page starts. */
export default function LazyMobileSidebar(): ReactNode {
  const { shown } = useNavbarMobileSidebar();
  const [opened, setOpened] = useState(false);
  if (shown && !opened) setOpened(true);
  return opened ? <MobileSidebar /> : null;
}
