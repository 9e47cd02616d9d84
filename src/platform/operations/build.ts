import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = JSON.parse(
  readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8'),
) as { name: string; version: string };

/** What runs here. */
export const BUILD = { name: manifest.name, version: manifest.version, node: process.version };
