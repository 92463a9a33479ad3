// Errors, and what an input is.
export { InputError, type InputPlace } from './inputError.ts';
export { describeInput, detectInput, type InputDescription, type InputKind, wrongFile } from './detectInput.ts';
export type { FileCommand } from './fileKind.ts';

// strace logs.
export { type LogChunk, parseStrace, parseStraceStream } from './strace/parseStrace.ts';
export * from './strace/mergeLogs.ts';
export { type StraceOptions, StraceParser } from './strace/straceParser.ts';
export * from './strace/straceEvent.ts';
export * from './strace/straceArgs.ts';
export * from './strace/mapFiles.ts';
export { RECORDED_CALLS } from './strace/calls.ts';
export { formatStraceArgs, formatStraceCall } from './strace/formatStraceCall.ts';

// Page faults.
export { type FaultLog, FaultParser } from './perf/faultLog.ts';

// /proc/PID/maps, smaps.
export * from './maps/mapsEntry.ts';
export { parseMaps, parseSmaps, require64Bit } from './maps/parseSmaps.ts';
export { type MapsOptions, SmapsParser } from './maps/smapsParser.ts';
export { SmapsFields } from './maps/smapsFields.ts';
export { formatMaps, formatSmaps } from './maps/formatSmaps.ts';
export { describeMappingName, type MappingName } from './maps/mappingName.ts';

// Bytes and text.
export { encodeUtf8 } from './utf8.ts';
