/** Stands for every character that is not ASCII: none that the reader looks for. */
const NOT_ASCII = 0x80;

interface NativeEncoder {
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number };
}

/** What every platform has; the package asks for none of them. */
const Native: (new () => NativeEncoder) | undefined = (globalThis as { readonly TextEncoder?: new () => NativeEncoder })
  .TextEncoder;
const encoder: NativeEncoder | null = Native === undefined ? null : new Native();

/**
 * A piece of the log, and its characters once more as bytes: a parser looks at each character several times, and at a byte in a fraction
 * of the time that a string takes, which may be of many forms. The bytes are as many as the characters, in the same places.
 */
export class LogText {
  text = '';
  /** The ASCII code of each character; {@link NOT_ASCII} for any other. Behind the text there is a 0. */
  codes: Uint8Array = new Uint8Array(256);

  /** Takes another text. What was read from the last one must not be used any more. */
  set(text: string): this {
    const { length } = text;
    if (this.codes.length <= length) this.codes = new Uint8Array(Math.max(length + 1, this.codes.length * 2));
    this.text = text;
    this.#encode(text);
    this.codes[length] = 0;
    return this;
  }

  #encode(text: string): void {
    const { codes } = this;
    if (encoder !== null) {
      const { read, written } = encoder.encodeInto(text, codes);
      // A character that is not ASCII has several bytes.
      if (read === text.length && written === read) return;
    }
    for (let i = 0; i < text.length; i++) {
      codes[i] = Math.min(text.charCodeAt(i), NOT_ASCII);
    }
  }
}
