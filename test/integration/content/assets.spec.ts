import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startContentApp, type ContentApp } from './content-app';

const photo = () =>
  sharp({ create: { width: 2_000, height: 1_000, channels: 3, background: '#0f5a57' } });

describe('a picture', () => {
  let content: ContentApp;
  const folder = mkdtempSync(join(tmpdir(), 'utskick-assets-'));

  beforeAll(async () => {
    content = await startContentApp({ DATA_DIR: folder });
  });
  afterAll(async () => {
    await content.close();
    rmSync(folder, { recursive: true });
  });
  const author = () => content.as('templates:read', 'templates:write');
  const upload = (bytes: Buffer, name = 'bild.jpg') => author().upload(bytes, name);

  it('comes out smaller, without the place it was taken at, and turned as the camera was held', async () => {
    const withPlace = await photo()
      .withExif({ IFD3: { GPSLatitude: '59/1 19/1 0/1' }, IFD0: { Make: 'Kamera' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { body } = await upload(withPlace, 'sjön.jpg').expect(201);
    expect(body).toMatchObject({ name: 'sjön.jpg', width: 1_000, height: 2_000 });
    expect(body.url).toMatch(/^https:\/\/utskick\.example\/assets\/[0-9a-f]{64}\.jpg$/);
    const shown = await content.http.get(new URL(body.url).pathname).expect(200);
    expect(shown.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    const { exif, orientation, format } = await sharp(shown.body).metadata();
    expect({ exif, orientation, format }).toEqual({ format: 'jpeg' });
    expect(body.bytes).toBe(shown.body.length);
  });

  it('is one picture however often it is uploaded, and is listed', async () => {
    const bytes = await photo().png().toBuffer();
    const first = await upload(bytes, 'en.png').expect(201);
    const second = await upload(bytes, 'två.png').expect(201);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({ name: 'en.png', width: 1_200, height: 600 });
    const list = await author().get('/api/v1/assets').expect(200);
    expect(list.body).toContainEqual(first.body);
    expect(readdirSync(join(folder, 'assets'))).toContain(`${first.body.hash}.png`);
  });

  it('is what its bytes say, whatever it is called', async () => {
    const webp = await photo().resize(300).webp().toBuffer();
    const taken = await upload(webp, 'bild.exe').expect(201);
    expect(taken.body.url).toMatch(/\.jpg$/);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const bytes of [svg, '<script>alert(1)</script>', '%PDF-1.7', '']) {
      const { body } = await upload(Buffer.from(bytes), 'bild.png').expect(422);
      expect(body.errors).toEqual([
        expect.objectContaining({ path: 'file', code: 'not_a_picture' }),
      ]);
    }
    const broken = (await photo().png().toBuffer()).subarray(0, 100);
    expect((await upload(broken).expect(422)).body.errors[0].code).toBe('picture_broken');
  });

  it('keeps moving when it moves', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#00ff00'].map((background) =>
        sharp({ create: { width: 40, height: 20, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const { body } = await upload(gif, 'rör.gif').expect(201);
    expect(body).toMatchObject({ width: 40, height: 20 });
    const shown = await content.http.get(new URL(body.url).pathname).expect(200);
    expect((await sharp(shown.body, { animated: true }).metadata()).pages).toBe(2);
  });

  it('is refused when it is too large or there is none, and by who may not write', async () => {
    expect((await upload(Buffer.alloc(10 * 1024 * 1024 + 1)).expect(413)).body.code).toBe(
      'file_too_large',
    );
    const none = await author().post('/api/v1/assets', {}).expect(422);
    expect(none.body.code).toBe('missing_file');
    await content.as('templates:read').upload(Buffer.from('x'), 'x.png').expect(403);
  });

  it.each(['..%2f..%2fsecrets.json', 'x.png', `${'0'.repeat(64)}.svg`])(
    'cannot be asked for as %s',
    async (file) => {
      await content.http.get(`/assets/${file}`).expect(422);
    },
  );

  it('is not found when there is none', async () => {
    await content.http.get(`/assets/${'0'.repeat(64)}.png`).expect(404);
  });
});

describe('pictures in a store of another machine', () => {
  const kept = new Map<string, { bytes: Buffer; authorization: string }>();
  let server: Server;
  let content: ContentApp;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url!.split('?')[0]!;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization = '' } = request.headers;
        if (request.method === 'PUT') {
          kept.set(path, { bytes: Buffer.concat(chunks), authorization });
          response.end();
        } else if (kept.has(path)) response.end(kept.get(path)!.bytes);
        else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    content = await startContentApp({
      ASSET_STORE: 's3',
      S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      S3_BUCKET: 'bilder',
      S3_ACCESS_KEY_ID: 'nyckel',
      S3_SECRET_ACCESS_KEY: 'hemlig',
    });
  });
  afterAll(async () => {
    await content.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are put there, signed, and served by us', async () => {
    const bytes = await photo().png().toBuffer();
    const author = content.as('templates:read', 'templates:write');
    const { body } = await author.upload(bytes, 'bild.png').expect(201);
    const put = kept.get(`/bilder/assets/${body.hash}.png`)!;
    expect(put.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=nyckel\/\d+\/eu-north-1\/s3\//);
    const shown = await content.http.get(new URL(body.url).pathname).expect(200);
    expect(put.bytes.equals(shown.body)).toBe(true);
    await content.http.get(`/assets/${'0'.repeat(64)}.png`).expect(404);
  });
});
