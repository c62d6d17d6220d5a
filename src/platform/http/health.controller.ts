import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Public } from './access.js';

const metrics = new Registry();
collectDefaultMetrics({ register: metrics, prefix: 'thidua_' });

@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly db: DataSource) {}

  /** The process answers. */
  @Public()
  @Get('healthz')
  alive() {
    return { status: 'ok' };
  }

  /** The database answers too, within two seconds. */
  @Public()
  @Get('readyz')
  async ready() {
    const answer = this.db.query('select 1').then(() => true);
    const late = new Promise<boolean>((tell) => setTimeout(() => tell(false), 2000).unref());
    if (!(await Promise.race([answer, late]).catch(() => false)))
      throw new ServiceUnavailableException('The database does not answer');
    return { status: 'ready' };
  }

  @Public()
  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  measure(): Promise<string> {
    return metrics.metrics();
  }
}
