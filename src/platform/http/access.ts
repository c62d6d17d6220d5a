import {
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export const ROLES = ['administrator', 'organiser', 'partner', 'reporter', 'witness', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** A right: for one unit and all below it, and for one campaign; null means everywhere. */
export interface Scope {
  role: Role;
  unitId: number | null;
  campaignId: number | null;
}

/** The acting officer, read from the database for this one request. */
export interface Officer {
  id: number;
  login: string;
  name: string;
  organisationId: number;
  organisation: string;
  sessionId: number;
  roles: Scope[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Nobody: a visitor. */
    officer?: Officer;
    /** The token of this browser that every form carries in the field `_csrf`, or scripts in the header `x-csrf-token`. */
    csrfToken?: () => string;
  }
}

/** What a route says about who may use it. A route that says nothing is refused to everybody. */
export type Access = 'public' | readonly Role[];
export const ACCESS = 'access';

/** Open to visitors. An officer who is signed in is known there as well. */
export const Public = () => SetMetadata<string, Access>(ACCESS, 'public');

/** For officers who hold one of these roles somewhere; without roles, for every officer who is signed in. */
export const Allow = (...roles: Role[]) => SetMetadata<string, Access>(ACCESS, roles);

/** The acting officer, as an argument of a handler. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Officer => {
  const { officer } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!officer) throw new UnauthorizedException();
  return officer;
});
