// Errors, and what an input is.
export { InputError, type InputPlace } from './inputError.ts';

// strace logs.
export { type LogChunk, parseStrace, parseStraceStream } from './strace/parseStrace.ts';
export { type StraceOptions, StraceParser } from './strace/straceParser.ts';
export * from './strace/straceEvent.ts';
export * from './strace/straceArgs.ts';

// Bytes and text.
export { decodeUtf8, encodeUtf8, Utf8Stream } from './utf8.ts';
