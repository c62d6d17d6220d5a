import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../platform/clock.js';
import { Live } from '../platform/live/live.js';
import { visitOf } from '../platform/http/visit.js';

interface Kept {
  readonly holds: () => boolean;
  readonly text: Promise<string>;
}

/** Milliseconds: no page is older, whatever was not told. */
const FRESH = 10_000;
const DAY = 86_400_000;
const VIETNAM = 7 * 3_600_000;
const MOST = 200;

/**
 * Public pages as they were last written, for visitors who are nobody in particular. Any news of any campaign makes all of
 * them stale at once, and so does midnight. Two hundred readers then cost what one does.
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

  async page(request: FastifyRequest, write: () => Promise<string>): Promise<string> {
    const { locale, theme, officer, flash } = visitOf(request);
    if (officer || flash || !this.live.listening) return write();
    const key = `${locale}|${theme}|${request.url}`;
    const kept = this.pages.get(key);
    const page = kept?.holds() ? kept : this.written(key, write);
    request.holds = page.holds;
    return page.text;
  }

  private written(key: string, write: () => Promise<string>): Kept {
    const page = { holds: this.fromNow(), text: write() };
    this.pages.delete(key);
    this.pages.set(key, page);
    page.text.catch(() => this.pages.delete(key));
    for (const old of [...this.pages.keys()].slice(0, -MOST)) this.pages.delete(old);
    return page;
  }

  /** Nothing was told since, it is still the same day, and not long ago. */
  private fromNow(): () => boolean {
    const { epoch } = this;
    const madeAt = this.clock.now().getTime();
    const midnight = (Math.floor((madeAt + VIETNAM) / DAY) + 1) * DAY - VIETNAM;
    return () => {
      const now = this.clock.now().getTime();
      return (
        epoch === this.epoch &&
        this.live.listening &&
        now >= madeAt &&
        now < Math.min(midnight, madeAt + FRESH)
      );
    };
  }
}
