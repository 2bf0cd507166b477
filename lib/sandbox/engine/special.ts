import { type ApiAnswer, JSON_TYPE } from '../http/api-answer';
import type { ReadRequest, Reads } from './reads';
import type { Renderer } from './render';
import type { UsageBook } from './usage';
import type { World } from './world';

/** What reads outside the resource model need. */
export interface SpecialTools {
  world: World;
  reads: Reads;
  renderer: Renderer;
  usage: UsageBook;
}

/** Reads that carry no JSON:API resources of the store: metrics, logs, computed singletons. */
export type SpecialRead = (
  tools: SpecialTools,
  request: ReadRequest,
  accept: string | undefined,
) => ApiAnswer;

/** Wraps a document as a successful answer. */
export function jsonAnswer(document: Record<string, unknown>, contentType: string = JSON_TYPE): ApiAnswer {
  return { status: 200, document, contentType };
}
