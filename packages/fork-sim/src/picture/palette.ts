/**
 * The colours of everything that is drawn, by what they mean: the site, exported pictures, reports in HTML and the README take them from
 * here. The hues follow Okabe and Ito, so that colour-blind readers can tell them apart. Text has a contrast of 4.5:1 or more on every
 * ground and fill. Colour never says a thing alone.
 *
 * A backing has a hue, for edges and lines, and two tints of it: `Fill` where memory may be written, `Soft` where it may only be read.
 */
export const PALETTE = {
  light: {
    anonymous: '#0072b2',
    file: '#c27c00',
    shared: '#00966d',
    special: '#59636e',
    anonymousFill: '#a3cce3',
    fileFill: '#f0d3a0',
    sharedFill: '#a3dccd',
    specialFill: '#c3c7cb',
    anonymousSoft: '#deedf5',
    fileSoft: '#faf0de',
    sharedSoft: '#def2ed',
    specialSoft: '#dfe3e7',
    anonymousText: '#ffffff',
    fileText: '#1a1300',
    sharedText: '#00120c',
    softText: '#12202b',
    text: '#16191d',
    quiet: '#57606a',
    line: '#d5dae0',
    ground: '#ffffff',
    panel: '#f6f7f9',
    raised: '#ffffff',
    link: '#005f95',
    guard: '#b24a00',
    guardSoft: '#ffe9da',
    mark: '#8a3b6b',
    markSoft: '#f8e8f1',
    ok: '#00664a',
    error: '#a33b00',
  },
  dark: {
    anonymous: '#56b4e9',
    file: '#e9b04a',
    shared: '#3fc49c',
    special: '#9aa6b2',
    anonymousFill: '#2d5770',
    fileFill: '#6b552d',
    sharedFill: '#235d4f',
    specialFill: '#495159',
    anonymousSoft: '#1b2e3c',
    fileSoft: '#342e21',
    sharedSoft: '#17312e',
    specialSoft: '#272c32',
    anonymousText: '#04121c',
    fileText: '#1a1300',
    sharedText: '#00120c',
    softText: '#eef3f7',
    text: '#e8edf2',
    quiet: '#9aa6b2',
    line: '#323b45',
    ground: '#0f1318',
    panel: '#171c22',
    raised: '#20262e',
    link: '#7cc4f2',
    guard: '#ff9a57',
    guardSoft: '#40230d',
    mark: '#f0a8d0',
    markSoft: '#3d2233',
    ok: '#57d6ab',
    error: '#ffab73',
  },
} as const;

/** What a colour means. */
export type ColourName = keyof (typeof PALETTE)['light'];

/** A colour for each meaning, in a form that CSS knows. */
export type MapColours = Readonly<Record<ColourName, string>>;

/** The same meanings in a terminal, by the names of its sixteen colours: its owner chose these to be read on its ground. */
export const TERMINAL_COLOURS = {
  anonymous: 'blue',
  file: 'yellow',
  shared: 'green',
  special: 'dim',
  guard: 'magenta',
  ok: 'green',
  error: 'red',
  note: 'yellow',
} as const;
