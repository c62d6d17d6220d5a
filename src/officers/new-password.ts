import { posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { passwordFault } from './password.js';

/** The two fields in which a new password is chosen, and what is wrong with them. */
export function newPassword(body: unknown, login: string): { password: string; findings: Finding[] } {
  const password = posted(body, 'newPassword', false);
  const fault = passwordFault(password, login);
  const findings: Finding[] = fault
    ? [{ field: 'newPassword', code: `officers.findings.newPassword.${fault}` }]
    : [];
  if (!fault && posted(body, 'repeat', false) !== password)
    findings.push({ field: 'repeat', code: 'officers.findings.repeat' });
  return { password, findings };
}
