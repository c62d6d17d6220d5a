export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const textOfHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
