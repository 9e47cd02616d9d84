import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

interface Document {
  paths: Record<string, Record<string, { summary?: string; responses: object }>>;
}

describe('the OpenAPI document', () => {
  const directory = mkdtempSync(join(tmpdir(), 'utskick-openapi-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is committed as the code makes it (npm run openapi)', () => {
    const file = join(directory, 'openapi.json');
    execFileSync(process.execPath, [join(ROOT, 'dist/main.js'), 'openapi', file], { cwd: ROOT });
    expect(JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(file, 'utf8')),
    );
  });

  it('describes the API and nothing else', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')) as Document;
    const strangers = Object.keys(paths).filter((path) => !path.startsWith('/api/v1/'));
    expect(strangers).toEqual([]);
  });
});
