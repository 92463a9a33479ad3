export { DiagramError } from '../errors.ts';
export { type DrawStateOptions, drawState } from './drawState.ts';
export { type DrawOptions, drawVmas, MAX_COLUMNS } from './drawVmas.ts';
export { type DiagramOutcome, mergeDiagram, mergeDrawn } from './mergeDiagram.ts';
export {
  DIAGRAM_FLAGS,
  type DiagramOptions,
  DrawnMm,
  type LetterOptions,
  mmFromDiagram,
} from './mmFromDiagram.ts';
export { type Diagram, type DiagramVma, drawDiagram, parseDiagram } from './parseDiagram.ts';
