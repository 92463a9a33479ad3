// All entries in one file, for a page without a bundler: `vma-core/page.js`.
export * from './changes/index.ts';
export * from './diagram/index.ts';
export * from './index.ts';
export * from './merge/index.ts';
export * from './mm/index.ts';
export * from './profiles/index.ts';
export * from './validateMm.ts';
export * from './words/index.ts';
