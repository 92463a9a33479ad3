import MDXComponents from '@theme-original/MDXComponents';
import type { ComponentProps, ReactNode } from 'react';

/** A table of a text: where it is wider than the page it scrolls, and the keyboard reaches it. */
function ScrollTable(props: ComponentProps<'table'>): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and several unnamed regions confuse
    <div className="text-table" tabIndex={0} role="group" aria-label="Table">
      <table {...props} />
    </div>
  );
}

export default { ...MDXComponents, table: ScrollTable };
