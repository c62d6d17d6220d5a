import '@fastify/multipart';
import type { MultipartFile } from '@fastify/multipart';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import type { DeliveryReport } from './delivery.js';
import { FileImporter, type FileImport } from './file-import.service.js';
import { frameOf, isEnglish, Workplace } from './workplace.js';

const HTML = 'text/html; charset=utf-8';
const SHOWN = 200;

/** Files of readings: sent once, judged, and taken in by a second click on the same bytes. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings/:slug/import')
export class ImportPages {
  constructor(
    private readonly views: Views,
    private readonly workplace: Workplace,
    private readonly files: FileImporter,
  ) {}

  @Get()
  @Header('content-type', HTML)
  ask(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.draw(request, officer, slug, {});
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  async judge(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const file = await request.file();
    const values = fieldsOf(file);
    const act = async () => {
      if (!file)
        throw new InputError([
          { field: 'file', code: 'readings.findings.file-missing', got: '', expected: '.csv, .xlsx' },
        ]);
      const order = orderOf(slug, values);
      const { upload, report } = await this.files.judge(officer, order, file.filename, await file.toBuffer());
      return this.draw(request, officer, slug, { values, upload, report });
    };
    return orAgain(reply, act, (findings) => this.draw(request, officer, slug, { values, findings }));
  }

  @Post('commit')
  @HttpCode(200)
  @Header('content-type', HTML)
  async commit(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: Record<string, string>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const act = async () => {
      const { upload, report } = await this.files.commit(
        officer,
        orderOf(slug, body),
        posted(body, 'sha256'),
      );
      if (report.findings.length > 0)
        return this.draw(request, officer, slug, { values: body, upload, report });
      const { added, corrected, unchanged } = report;
      return seeOther(reply, `/office/readings/${slug}/import`, {
        kind: 'success',
        key: 'readings.done.taken',
        values: { added, corrected, unchanged },
      });
    };
    return orAgain(reply, act, (findings) => this.draw(request, officer, slug, { values: body, findings }));
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    { values = {}, findings = [], upload, report }: Shown,
  ): Promise<string> {
    const place = await this.workplace.of(officer, slug);
    const words = (key: string) => this.views.text(request, `readings.import.numbersAs.${key}`);
    return this.views.page(request, 'readings/import', {
      title: 'readings.import.title',
      ...frameOf(place, 'import', isEnglish(this.views, request)),
      numbers: [
        { value: '', label: words('find') },
        { value: 'vi', label: words('vi') },
        { value: 'en', label: words('en') },
      ],
      upload: upload && { name: upload.name, sha256: upload.sha256 },
      report: report && {
        ...report,
        findings: report.findings.slice(0, SHOWN),
        hidden: Math.max(0, report.findings.length - SHOWN),
        faults: report.findings.length,
        warnings: report.warnings.slice(0, SHOWN),
        remarks: report.warnings.length,
        changes: report.added + report.corrected,
      },
      needsReason: report?.findings.some(({ code }) => code === 'readings.findings.cell-differs'),
      values,
      findings,
    });
  }
}

interface Shown {
  readonly values?: Record<string, string>;
  readonly findings?: Finding[];
  readonly upload?: { readonly name: string; readonly sha256: string };
  readonly report?: DeliveryReport;
}

function orderOf(slug: string, values: Record<string, string>): FileImport {
  const numbers = values.numbers === 'vi' || values.numbers === 'en' ? values.numbers : '';
  return { slug, numbers, cumulative: values.cumulative === '1', reason: posted(values, 'reason') };
}

/** The fields that stand before the file in the form. */
function fieldsOf(file: MultipartFile | undefined): Record<string, string> {
  const fields = Object.entries(file?.fields ?? {}).flatMap(([name, part]) => {
    const one = Array.isArray(part) ? part[0] : part;
    return one?.type === 'field' && typeof one.value === 'string' ? [[name, one.value] as const] : [];
  });
  return Object.fromEntries(fields);
}
