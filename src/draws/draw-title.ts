import type { FastifyRequest } from 'fastify';
import type { Views } from '../platform/http/views.js';
import type { DrawRow } from './draw.queries.js';

type Named = Pick<DrawRow, 'title' | 'periodEn' | 'promotionVi' | 'promotionEn'>;

/** A draw's official title is Vietnamese; a reader of English gets period and promotion by their English names. */
export const drawTitle = (views: Views, request: FastifyRequest, draw: Named): string =>
  views.locale(request) === 'en' ? `${draw.periodEn}: ${draw.promotionEn}` : draw.title;

export const promotionTitle = (views: Views, request: FastifyRequest, draw: Named): string =>
  views.locale(request) === 'en' ? draw.promotionEn : draw.promotionVi;
