export interface ApiAnswer {
  status: number;
  /** A document, or null for answers without a body. */
  document: Record<string, unknown> | null;
  contentType: string;
}

export const JSON_TYPE = 'application/json';
