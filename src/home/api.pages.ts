import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { ApiDescription } from '../platform/http/api-description.js';
import { Views } from '../platform/http/views.js';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: { type?: string; example?: unknown };
}
interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, unknown> };
  responses?: Record<string, { description?: string; content?: Record<string, unknown> }>;
}

/** The description of the interface, as a page that a person reads: no script, no foreign style. */
@ApiExcludeController()
@Controller('api')
export class ApiPages {
  constructor(
    private readonly views: Views,
    private readonly description: ApiDescription,
  ) {}

  @Public()
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  read(@Req() request: FastifyRequest): string {
    const { info, paths } = this.description.document;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
        ...shown(operation),
        path,
        method: method.toUpperCase(),
        id: `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-')}`.toLowerCase(),
        group: operation.tags?.[0] ?? path.split('/')[3] ?? 'api',
      })),
    );
    const groups = [...new Set(operations.map(({ group }) => group))]
      .sort()
      .map((name) => ({ name, operations: operations.filter(({ group }) => group === name) }));
    return this.views.page(request, 'home/api', {
      title: 'api.title',
      crumbs: [{ label: 'api.title' }],
      about: info.description,
      groups,
    });
  }
}

function shown({ summary, description, parameters, requestBody, responses }: Operation) {
  return {
    summary,
    description,
    parameters: (parameters ?? []).map((parameter) => ({
      ...parameter,
      type: parameter.schema?.type ?? '',
      example: parameter.schema?.example,
    })),
    body: firstSample(requestBody?.content),
    responses: Object.entries(responses ?? {}).map(([status, response]) => ({
      status,
      description: response.description,
      body: firstSample(response.content),
    })),
  };
}

/** The example of the first kind of content, else the name of its shape. */
function firstSample(content: Record<string, unknown> | undefined): string | undefined {
  const [entry] = Object.entries(content ?? {});
  if (!entry) return undefined;
  const [kind, media] = entry as [string, { example?: unknown; schema?: { $ref?: string; type?: string } }];
  if (media.example !== undefined) return JSON.stringify(media.example, null, 2);
  return media.schema?.$ref?.split('/').pop() ?? media.schema?.type ?? kind;
}
