/** The call was cancelled by its signal. What it had done by then stays, and can be used on. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor(message = 'cancelled') {
    super(message);
  }
}

/** The worker is gone: it could not be started, threw an error that nobody caught, was ended, or answers no more. */
export class WorkerCrashedError extends Error {
  override readonly name = 'WorkerCrashedError';
}

/** A message that means nothing: an unknown call, or an argument of the wrong kind. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
