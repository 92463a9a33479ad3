/** One kind of text that is searched, as lunr writes an index: titles, headings, descriptions, keywords, contents. */
interface IndexPart {
  readonly documents: readonly { readonly i: number; readonly u: string }[];
  readonly index: {
    /** For each document, as `field/id`: numbers of terms and their weights by turns. */
    readonly fieldVectors: readonly (readonly [ref: string, vector: number[]])[];
  };
}

/** The file that the search fetches. */
export type SearchIndex = readonly IndexPart[];

/** What a text of the API reference weighs beside one that explains: any guide that has the word comes first. */
export const API_SHARE = 0.02;

/** Multiplies the weights of all documents below a path. A score is a sum of weights, so the order among them stays. */
export function weighApiDown(index: SearchIndex, path: string, share: number): void {
  for (const { documents, index: part } of index) {
    const api = new Set(documents.filter(({ u }) => u.startsWith(path)).map(({ i }) => String(i)));
    for (const [ref, vector] of part.fieldVectors) {
      if (!api.has(ref.slice(ref.indexOf('/') + 1))) continue;
      for (let at = 1; at < vector.length; at += 2) vector[at] = (vector[at] ?? 0) * share;
    }
  }
}
