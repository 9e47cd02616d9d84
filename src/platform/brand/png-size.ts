const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Width and height in pixels, or null when it is no PNG (W3C PNG, 11.2.2: IHDR comes first). */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 33 || !file.subarray(0, 8).equals(SIGNATURE)) return null;
  if (file.toString('latin1', 12, 16) !== 'IHDR') return null;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  return width > 0 && height > 0 ? { width, height } : null;
}
