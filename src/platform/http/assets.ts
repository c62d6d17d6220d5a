import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PUBLIC } from './templates-folder.js';

/** Names of static files as the build hashed them: `thidua.css` -> `/assets/thidua.3f9c2a.css`. */
@Injectable()
export class Assets {
  private readonly hashed: Record<string, string> = readManifest();

  url(name: string): string {
    return `/assets/${this.hashed[name] ?? name}`;
  }
}

function readManifest(): Record<string, string> {
  const path = join(PUBLIC, 'manifest.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
}
