/**
 * The colours of pictures by what they mean, for light and for dark surroundings: safe for colour-blind readers (Okabe and Ito), and with
 * enough contrast for text. Colour never says a thing alone.
 */
export const PALETTE = {
  light: {
    anonymous: '#0072b2',
    file: '#e69f00',
    shared: '#009e73',
    special: '#57606a',
    anonymousSoft: '#d3e8f5',
    fileSoft: '#fbebcb',
    sharedSoft: '#cdeee3',
    specialSoft: '#c6ccd3',
    anonymousText: '#ffffff',
    fileText: '#1a1300',
    sharedText: '#00120c',
    softText: '#12202b',
    text: '#1b1f24',
    quiet: '#57606a',
    line: '#c6ccd3',
    ground: '#ffffff',
    guard: '#b24a00',
    guardSoft: '#ffe3cf',
    mark: '#8a3b6b',
  },
  dark: {
    anonymous: '#2f93d1',
    file: '#e69f00',
    shared: '#1fb98d',
    special: '#a4afba',
    anonymousSoft: '#173a52',
    fileSoft: '#4a3609',
    sharedSoft: '#0d4435',
    specialSoft: '#3d4650',
    anonymousText: '#04121c',
    fileText: '#1a1300',
    sharedText: '#00120c',
    softText: '#eef3f7',
    text: '#f2f5f8',
    quiet: '#a4afba',
    line: '#3d4650',
    ground: '#14181d',
    guard: '#ff9a57',
    guardSoft: '#4d2508',
    mark: '#f0a8d0',
  },
} as const;

/** What a colour means. */
export type ColourName = keyof (typeof PALETTE)['light'];

/** A colour for each meaning, in a form that CSS knows. */
export type MapColours = Readonly<Record<ColourName, string>>;
