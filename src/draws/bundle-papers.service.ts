import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../platform/config.js';
import { TEMPLATES } from '../platform/http/templates-folder.js';
import { checkerPage, secondChecker } from '../verify/bundle-pages.js';
import { DrawPapers } from './draw-papers.service.js';
import type { DrawRow } from './draw.queries.js';

/** The parts of a bundle that are for readers: how to check it, the minutes, the page that checks it without a server. */
@Injectable()
export class BundlePapers {
  constructor(
    private readonly config: Config,
    private readonly papers: DrawPapers,
  ) {}

  async of(
    tx: EntityManager,
    draw: DrawRow,
    files: ReadonlyMap<string, Buffer>,
  ): Promise<Map<string, Buffer>> {
    const cageWords = readFileSync(join(TEMPLATES, 'draws/bundle-cage.txt'), 'utf8').split('---\n');
    const readme = readFileSync(join(TEMPLATES, 'draws/bundle-readme.txt'), 'utf8')
      .replaceAll('{draw}', draw.slug)
      .replaceAll('{title}', draw.title)
      .replaceAll('{address}', this.config.PUBLIC_URL)
      .replace('{cage-vi}', draw.method === 'cage' ? cageWords[0]! : '')
      .replace('{cage-en}', draw.method === 'cage' ? cageWords[1]! : '');
    const papers = new Map([
      ['README.txt', Buffer.from(readme)],
      ['checker.html', Buffer.from(checkerPage())],
      ['check_draw.py', Buffer.from(secondChecker())],
    ]);
    if (files.has('result.json'))
      papers.set('minutes.html', Buffer.from(await this.papers.minutes(tx, draw)));
    return papers;
  }
}
