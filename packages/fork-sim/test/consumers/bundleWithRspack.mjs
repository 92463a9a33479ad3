// Bundles a folder's main.js and index.html into its dist, as a site under some path of a static host: `node bundleWithRspack.mjs FOLDER`.
// It is the bundler of Docusaurus' `faster`, with nothing told to it about workers. Any error or warning is one of the program.
import { rspack } from '@rspack/core';

const [folder] = process.argv.slice(2);
const compiler = rspack({
  context: folder,
  mode: 'production',
  entry: './main.js',
  output: { path: `${folder}/dist`, filename: '[name].[contenthash].js', publicPath: 'auto', clean: true },
  plugins: [new rspack.HtmlRspackPlugin({ template: 'index.html', scriptLoading: 'module' })],
  performance: { hints: false },
});
const stats = await new Promise((resolve, reject) => {
  compiler.run((error, done) => (error ? reject(error) : resolve(done)));
});
await new Promise((resolve) => compiler.close(resolve));
if (stats.hasErrors() || stats.hasWarnings()) {
  console.error(stats.toString({ all: false, errors: true, warnings: true }));
  process.exitCode = 1;
}
