import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../platform/clock.js';
import { Live } from '../platform/live/live.js';
import { visitOf } from '../platform/http/visit.js';

interface Writing {
  readonly holds: () => boolean;
  readonly text: Promise<string>;
}

/** Milliseconds: no page is older, whatever was not told. */
const FRESH = 10_000;
const DAY = 86_400_000;
const VIETNAM = 7 * 3_600_000;

/**
 * How long a public page holds for visitors who are nobody in particular: any news of any campaign makes all of them stale
 * at once, and so does midnight. The bytes are kept by the server (`ReadyPages`); who asks while a page is being written
 * waits for the same one, so that two hundred readers cost what one does.
 */
@Injectable()
export class PublicPages implements OnModuleInit {
  private readonly underWay = new Map<string, Writing>();
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
    const known = this.underWay.get(key);
    const writing = known?.holds() ? known : this.begun(key, write);
    request.holds = writing.holds;
    return writing.text;
  }

  private begun(key: string, write: () => Promise<string>): Writing {
    const writing = { holds: this.fromNow(), text: write() };
    const done = () => void (this.underWay.get(key) === writing && this.underWay.delete(key));
    this.underWay.set(key, writing);
    writing.text.then(done, done);
    return writing;
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
