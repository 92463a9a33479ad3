/** One row of what was compared. */
export interface ConformPart {
  readonly name: string;
  /** Scenarios or files. */
  readonly done: number;
  /** Operations compared in every field; `null`: a litmus file has claims. */
  readonly steps: number | null;
  readonly leftOut: number;
  readonly different: number;
  /** Those that differed, and agreed when they were performed again. */
  readonly differentOnce: number;
}

/** What came of it all. */
export interface ConformAnswer {
  readonly parts: readonly ConformPart[];
  /** Scenarios and files that differ. */
  readonly different: number;
}
