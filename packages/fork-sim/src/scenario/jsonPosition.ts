import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** Where a value is in a JSON text: property names and array indices, from the outside in. */
export type JsonPath = readonly (string | number)[];

/** The first place at which a text is no JSON; `offset` counts UTF-16 units from 0. */
export interface JsonProblem {
  readonly offset: number;
  readonly message: string;
}

/** What the parser's error codes mean to a reader. */
const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON',
  PropertyNameExpected: 'a property name in double quotes is missing',
  ValueExpected: 'a JSON value is expected here',
  ColonExpected: 'a ":" is missing',
  CommaExpected: 'a "," or a closing bracket is missing',
  CloseBraceExpected: 'a "," or "}" is missing',
  CloseBracketExpected: 'a "," or "]" is missing',
  EndOfFileExpected: 'something follows the JSON value',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: 'the string is not closed: the line ends in it',
  UnexpectedEndOfNumber: 'the number ends too early',
  InvalidUnicode: 'a string with an escape that JSON does not know',
  InvalidEscapeCharacter: 'a string with an escape that JSON does not know',
  InvalidCharacter: 'a control character inside a string',
};

/**
 * Finds where `JSON.parse` gives up, and says why in words: engines word their own messages differently, and few give a position.
 *
 * @returns `null` where the text is one JSON value
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const errors: ParseError[] = [];
  try {
    parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return { offset: 0, message: 'nested too deeply' };
    throw error;
  }
  const [first, next] = errors.map(({ error, ...place }) => ({ code: printParseErrorCode(error), ...place }));
  if (first === undefined) return null;
  const { offset, length } = first;
  // Of a word that is no value the parser says nothing else than that; what it wanted there is its next error.
  const code = first.code !== 'InvalidSymbol' ? first.code : (next?.code ?? 'EndOfFileExpected');
  if (code === 'ValueExpected' && code !== first.code) {
    return { offset, message: `${text.slice(offset, offset + length)} is no JSON value` };
  }
  const message = MESSAGES[code] ?? code;
  return { offset, message: offset < text.length ? message : `the line ends too early: ${message}` };
}

/** Offset of the value at `path` in a text that is JSON; of the innermost value on the way where the path leads nowhere. */
export function findJsonValue(text: string, path: JsonPath): number {
  const root = treeOf(text);
  if (root === undefined) return 0;
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth));
    if (node !== undefined) return node.offset;
  }
  return root.offset;
}

/** The tree of a text that is JSON; `undefined` where it is nested deeper than the parser's stack. */
function treeOf(text: string): ReturnType<typeof parseTree> {
  try {
    return parseTree(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
