import { join } from 'node:path';

/** The same place seen from src/platform/http and from dist/platform/http. */
const ROOT = join(import.meta.dirname, '../../..');
export const TEMPLATES = join(ROOT, 'templates');
export const PUBLIC = join(ROOT, 'dist/public');
