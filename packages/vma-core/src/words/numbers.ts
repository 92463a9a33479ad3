/** A whole number with commas between thousands: `65,530`. By hand: to make an `Intl.NumberFormat` takes longer. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3}){1,7}$)/g, ',');
}

/** Offsets from here on are those of anonymous memory: its address, in pages. */
const ADDRESS_PAGES = 0x10_0000;

/** A page offset: one in a file in decimal; one of anonymous memory in hex, which is its address without the last three digits. */
export function formatPgoff(pages: number): string {
  return pages < ADDRESS_PAGES ? formatCount(pages) : `0x${pages.toString(16)}`;
}
