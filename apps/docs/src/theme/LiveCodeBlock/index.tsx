import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import type { Props } from '@theme/LiveCodeBlock';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

// The editor and its compiler are large, and most pages have no live code: browsers load them where there is some. Suspense
// would do that too, yet what it waits for is put at the end of a page's HTML, hidden until scripts run.
let loaded: ComponentType<Props> | undefined;

async function load(): Promise<ComponentType<Props>> {
  const { default: block } = await import('@theme-original/LiveCodeBlock');
  loaded = block;
  return block;
}

if (!ExecutionEnvironment.canUseDOM) void load();

/** A live code block, loaded where there is one. Its first result is in the page's HTML. */
export default function LazyLiveCodeBlock(props: Props): ReactNode {
  const [Block, setBlock] = useState(() => loaded);
  useEffect(() => {
    if (!Block) void load().then((block) => setBlock(() => block));
  }, [Block]);
  if (Block) {
    return (
      <div>
        <Block {...props} />
      </div>
    );
  }
  if (!ExecutionEnvironment.canUseDOM) throw new Error('live code is not loaded, and would not be run');
  // An empty inner HTML leaves the HTML of the page in place.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set
  return <div data-waits="" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />;
}
