import { keepDeeds } from './live/deeds.ts';
import { finishPresses } from './live/press.ts';
import { watchForSigns } from './live/signs.ts';
import { prefetchWhenIdle } from './prefetchWhenIdle.ts';

/**
 * The site's scripts are set up part by part, each in a task of its own: all at once they hold up a slow phone for a quarter of a
 * second. What stands here is what the last part, the framework's own entry, asks for first.
 */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import(/* webpackMode: "eager" */ '@generated/client-modules'),
  () => import(/* webpackMode: "eager" */ 'react-dom/client'),
  () => import(/* webpackMode: "eager" */ '@generated/routes'),
  () => import(/* webpackMode: "eager" */ '@theme/ThemeProvider'),
  () => import(/* webpackMode: "eager" */ '@theme/Layout'),
  () => import(/* webpackMode: "eager" */ '@docusaurus/core/lib/client/clientEntry.js'),
];

async function start(): Promise<void> {
  for (const part of PARTS) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await part();
  }
  prefetchWhenIdle();
}

watchForSigns();
keepDeeds();
finishPresses();
// By this the page knows that its scripts were found; the framework puts its own here when its turn has come.
Object.assign(window, { docusaurus: {} });
void start();
