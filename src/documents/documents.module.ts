import { Module } from '@nestjs/common';
import { Papers } from './papers.service.js';
import { Pdf } from './pdf.service.js';

@Module({ providers: [Papers, Pdf], exports: [Papers, Pdf] })
export class DocumentsModule {}
