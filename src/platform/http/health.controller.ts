import { BlockList } from 'node:net';
import { Controller, Get, Header, NotFoundException, Req, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Public } from './access.js';

const metrics = new Registry();
collectDefaultMetrics({ register: metrics, prefix: 'thidua_' });

const OWN_NETWORK = new BlockList();
OWN_NETWORK.addSubnet('127.0.0.0', 8);
OWN_NETWORK.addSubnet('10.0.0.0', 8);
OWN_NETWORK.addSubnet('172.16.0.0', 12);
OWN_NETWORK.addSubnet('192.168.0.0', 16);
OWN_NETWORK.addAddress('::1', 'ipv6');
OWN_NETWORK.addSubnet('fc00::', 7, 'ipv6');

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

  /** For the operator's own network only. */
  @Public()
  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  measure(@Req() { ip }: FastifyRequest): Promise<string> {
    if (!OWN_NETWORK.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4')) throw new NotFoundException();
    return metrics.metrics();
  }
}
