/**
 * A whole number with commas between thousands, as `toLocaleString('en')` writes it. A browser takes its time to set up its own
 * formatting for the first such number of a page.
 */
export function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
