import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Live } from '../platform/live/live.js';
import { visitOf, type VisitedRequest } from '../platform/http/visit.js';

interface Kept {
  readonly madeAt: number;
  readonly epoch: number;
  readonly text: Promise<string>;
}

/** Milliseconds: what passes with time alone (the day, a state) is never older than this. */
const FRESH = 1_000;
const MOST = 500;

/**
 * Public pages as they were last written, for visitors who are nobody in particular. Any news of any campaign makes all of
 * them stale at once; without news they are written anew each second. Two hundred readers then cost what one does.
 */
@Injectable()
export class PageCache implements OnModuleInit {
  private readonly pages = new Map<string, Kept>();
  private epoch = 0;

  constructor(
    private readonly clock: Clock,
    private readonly live: Live,
  ) {}

  onModuleInit(): void {
    this.live.hear(() => {
      this.epoch++;
    });
  }

  page(request: VisitedRequest, write: () => Promise<string>): Promise<string> {
    const { locale, theme, officer, flash } = visitOf(request);
    if (officer || flash || !this.live.listening) return write();
    const key = `${locale}|${theme}|${request.url}`;
    const now = this.clock.now().getTime();
    const kept = this.pages.get(key);
    if (kept && kept.epoch === this.epoch && Math.abs(now - kept.madeAt) < FRESH) return kept.text;
    const text = write();
    this.pages.delete(key);
    this.pages.set(key, { madeAt: now, epoch: this.epoch, text });
    text.catch(() => this.pages.delete(key));
    for (const old of [...this.pages.keys()].slice(0, -MOST)) this.pages.delete(old);
    return text;
  }
}
