/** The command line was used wrongly: an option's value, or two that do not go together. Ends with exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
