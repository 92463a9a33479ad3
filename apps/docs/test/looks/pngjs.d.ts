/** The part of pngjs that tests use. */
declare module 'pngjs' {
  export class PNG {
    readonly width: number;
    readonly height: number;
    readonly data: Buffer;
    constructor(size: { readonly width: number; readonly height: number });
    static readonly sync: { read(bytes: Buffer): PNG; write(image: PNG): Buffer };
  }
}
