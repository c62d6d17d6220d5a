import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import supertest from 'supertest';
import { takeToken } from '../src/officers/multipart.js';

describe('the token of an upload', () => {
  let server: FastifyInstance;
  const http = () => supertest(server.server);
  beforeAll(async () => {
    server = fastify();
    await server.register(multipart, { limits: { fileSize: 10_000_000 } });
    const handler = async (request: FastifyRequest) => {
      const token = await takeToken(request);
      if (token === undefined) return { token: null };
      if ((request.params as { way: string }).way === 'file') {
        const file = await request.file();
        return { token, name: file?.filename, bytes: (await file?.toBuffer())?.length };
      }
      const parts: string[] = [];
      for await (const part of request.parts()) {
        if (part.type === 'file') parts.push(`${part.filename} ${(await part.toBuffer()).length}`);
        else parts.push(`${part.fieldname}=${String(part.value)}`);
      }
      return { token, parts };
    };
    server.route({ method: 'POST', url: '/:way', handler });
    await server.ready();
    await server.listen({ port: 0 });
  });
  afterAll(() => server.close());

  const large = Buffer.alloc(5_000_000, 'x');

  it('is read before the file, which the handler then streams whole', async () => {
    const { body } = await http().post('/file').field('_csrf', 'abc').attach('file', large, 'payments.csv');
    expect(body).toEqual({ token: 'abc', name: 'payments.csv', bytes: large.length });
  });

  it('leaves further fields and files to the handler in their order', async () => {
    const { body } = await http()
      .post('/parts')
      .field('_csrf', 'abc')
      .field('partner', 'bank')
      .attach('file', large, 'payments.csv')
      .field('note', 'last');
    expect(body).toEqual({ token: 'abc', parts: ['partner=bank', 'payments.csv 5000000', 'note=last'] });
  });

  it('is missing when the file stands first or no field has its name', async () => {
    expect(
      (await http().post('/file').attach('file', Buffer.from('x'), 'a.csv').field('_csrf', 'abc')).body,
    ).toEqual({ token: null });
    expect(
      (await http().post('/file').field('other', 'abc').attach('file', Buffer.from('x'), 'a.csv')).body,
    ).toEqual({ token: null });
  });
});
