/** Why a whole file cannot be taken. Nothing of it is imported. */
export type FileFaultCode =
  | 'empty'
  | 'utf-16'
  | 'not-utf8'
  | 'not-text'
  | 'header-missing'
  | 'columns-missing'
  | 'columns-twice'
  | 'record-too-long'
  | 'quote-not-closed'
  | 'too-many-columns'
  | 'too-many-rows'
  | 'too-many-values'
  | 'file-changed'
  | 'workbook-broken'
  | 'workbook-too-large'
  | 'capacity';

/** A fault of the file as a whole, in facts that the page puts into words. */
export class FileFault extends Error {
  constructor(
    readonly code: FileFaultCode,
    readonly facts: Record<string, string | number> = {},
  ) {
    super(`${code} ${JSON.stringify(facts)}`);
  }
}
