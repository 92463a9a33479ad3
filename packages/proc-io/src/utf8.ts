/** The decoder that browsers, workers and Node share. It is looked up, so that the package needs no types of either. */
interface NativeDecoder {
  decode(bytes: Uint8Array): string;
}
type NativeDecoderClass = new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => NativeDecoder;

const Native: NativeDecoderClass | undefined = (globalThis as { readonly TextDecoder?: NativeDecoderClass })
  .TextDecoder;

/**
 * Decodes UTF-8 that may hold anything: a byte 0x80-0xff that is not part of valid UTF-8 becomes the lone surrogate
 * U+DC80-U+DCFF, so that {@link encodeUtf8} gives the same bytes again. File names are bytes, not text.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return new Utf8Stream().decode(bytes, true);
}

/** {@link decodeUtf8} for a stream: a character may be cut by the end of a chunk. */
export class Utf8Stream {
  private rest: Uint8Array = new Uint8Array(0);
  private readonly native: NativeDecoder | undefined = Native
    ? new Native('utf-8', { fatal: true, ignoreBOM: true })
    : undefined;

  /** Decodes a chunk; with `last`, also what is left of a cut character. */
  decode(chunk: Uint8Array, last = false): string {
    let bytes = chunk;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + chunk.length);
      bytes.set(this.rest);
      bytes.set(chunk, this.rest.length);
    }
    const whole = last ? bytes.length : bytes.length - cutLength(bytes);
    this.rest = bytes.slice(whole);
    return this.decodeWhole(bytes.subarray(0, whole));
  }

  private decodeWhole(bytes: Uint8Array): string {
    if (this.native) {
      try {
        return this.native.decode(bytes);
      } catch {
        // Not valid UTF-8: byte by byte below.
      }
    }
    return decodeLenient(bytes);
  }
}

/** Bytes at the end that begin a character and do not finish it: 0 to 3. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function decodeLenient(bytes: Uint8Array): string {
  const parts: string[] = [];
  let codes: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const code = codePointAt(bytes, i);
    if (code < 0) {
      const byte = bytes[i]!;
      codes.push(byte < 0x80 ? byte : 0xdc00 + byte);
      i++;
    } else {
      codes.push(code);
      i += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
    }
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}

/** The character that begins at `at`; -1 where the bytes are no valid UTF-8. */
function codePointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return lead;
  const length = sequenceLength(lead);
  if (length === 1 || at + length > bytes.length) return -1;
  let code = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!;
    if ((byte & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (byte & 0x3f);
  }
  const tooShort = (length === 3 && code < 0x800) || (length === 4 && (code < 0x1_0000 || code > 0x10_ffff));
  return tooShort || (code >= 0xd800 && code <= 0xdfff) ? -1 : code;
}

/** The bytes of a text: the reverse of {@link decodeUtf8}. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i)!;
    if (code < 0x80) bytes[n++] = code;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes[n++] = code - 0xdc00;
    else if (code < 0x800) {
      bytes[n++] = 0xc0 | (code >> 6);
      bytes[n++] = 0x80 | (code & 0x3f);
    } else if (code < 0x1_0000) {
      bytes[n++] = 0xe0 | (code >> 12);
      bytes[n++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[n++] = 0x80 | (code & 0x3f);
    } else {
      bytes[n++] = 0xf0 | (code >> 18);
      bytes[n++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[n++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[n++] = 0x80 | (code & 0x3f);
      i++;
    }
  }
  return bytes.slice(0, n);
}
