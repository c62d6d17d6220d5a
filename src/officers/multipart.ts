import '@fastify/multipart';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';

/**
 * Reads the first part of an upload, the token, and leaves the rest as if nothing had been read: the handler still
 * streams the file through `request.file()`, `request.files()` or `request.parts()`.
 * @returns the value of the field `_csrf`, when it stands before the file.
 */
export async function takeToken(request: FastifyRequest): Promise<unknown> {
  const parts = request.parts();
  const first = await parts.next();
  const isToken = !first.done && first.value.type === 'field' && first.value.fieldname === '_csrf';
  if (!isToken) {
    await parts.return?.(undefined);
    return undefined;
  }
  const files = async function* (): AsyncGenerator<MultipartFile> {
    for await (const part of parts) if (part.type === 'file') yield part;
  };
  const rest = { parts: () => parts, files, file: async () => (await files().next()).value as MultipartFile };
  Object.assign(request, rest);
  return (first.value as Extract<Multipart, { type: 'field' }>).value;
}
