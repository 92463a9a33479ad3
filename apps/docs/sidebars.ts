import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

const sidebars: SidebarsConfig = {
  docs: [
    'story',
    {
      type: 'category',
      label: 'Concepts',
      collapsed: false,
      items: [
        'concepts/flags',
        'concepts/merging',
        'concepts/permutations',
        'concepts/guards',
        'concepts/faults',
        'concepts/fork',
        'concepts/soft-dirty',
        'concepts/why-not',
      ],
    },
    'patch',
    'differences',
    'exercises',
    'how-we-know',
    {
      type: 'category',
      label: 'Guides',
      items: ['guides/count-your-vmas', 'guides/guard-pages', 'guides/fork-cost', 'guides/read-a-log'],
    },
    'live-code',
    'links',
    'glossary',
  ],
};

export default sidebars;
