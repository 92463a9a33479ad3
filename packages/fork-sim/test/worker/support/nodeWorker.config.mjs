// Bundles the Node worker from its sources, so that tests never run an old dist. The output folder comes from the command line.
export default {
  logLevel: 'warn',
  ssr: { noExternal: true, resolve: { conditions: ['my-source'] } },
  build: { minify: false, emptyOutDir: true },
};
