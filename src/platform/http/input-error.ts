import { UnprocessableEntityException, type ValidationError } from '@nestjs/common';

/** One thing wrong with what was sent: where, which rule, what came, what was wanted. */
export interface Finding {
  field?: string;
  code: string;
  got?: unknown;
  expected?: unknown;
  row?: number;
  column?: string | number;
}

/** The caller's mistake, with everything that is wrong at once. */
export class InputError extends UnprocessableEntityException {
  constructor(readonly findings: Finding[]) {
    super(`input refused: ${findings.map(({ field, code }) => `${field ?? 'input'} ${code}`).join(', ')}`);
  }

  /** What class-validator found, as findings: `isEmail` on `email`, `prizes.0.amount` for nested fields. */
  static from(errors: ValidationError[]): InputError {
    return new InputError(errors.flatMap((error) => findingsOf(error, '')));
  }
}

function findingsOf(error: ValidationError, path: string): Finding[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([code, expected]) => {
    const secret = /password|secret|token|otp/i.test(field);
    return { field, code, expected, ...(secret ? {} : { got: error.value as unknown }) };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => findingsOf(child, `${field}.`))];
}
