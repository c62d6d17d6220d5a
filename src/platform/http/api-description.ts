import { type INestApplication, Injectable } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI description of this application, for the file and for the page. */
@Injectable()
export class ApiDescription {
  document: OpenAPIObject = { openapi: '3.0.0', info: { title: 'Thi Đua', version: '1' }, paths: {} };

  /** Describes what stands under /api/v1, nothing else, and answers at /api/openapi.json and .yaml. */
  describe(app: INestApplication): void {
    const about = new DocumentBuilder()
      .setTitle('Thi Đua')
      .setDescription(
        'Campaign standings, payment promotions and prize draws that can be checked. Codes and digits are text, amounts are whole đồng, ' +
          'days are YYYY-MM-DD in Viet Nam, instants are UTC. Errors are problem documents (RFC 9457) with a reference that is in the log.',
      )
      .setVersion('1')
      .addCookieAuth('session')
      .addBearerAuth({ type: 'http', description: 'A key of a partner, shown once when it was made' })
      .build();
    const whole = SwaggerModule.createDocument(app, about);
    const paths = Object.fromEntries(
      Object.entries(whole.paths).filter(([path]) => path.startsWith('/api/v1/')),
    );
    this.document = { ...whole, paths };
    SwaggerModule.setup('api/openapi', app, this.document, {
      ui: false,
      jsonDocumentUrl: 'api/openapi.json',
      yamlDocumentUrl: 'api/openapi.yaml',
    });
  }
}
