import { ContentRenderer } from '../../../src/features/content/content-renderer';
import { ContentService } from '../../../src/features/content/content.service';
import { sampleScope } from '../../../src/features/content/merge-fields';
import { newId } from '../../../src/platform/ids';
import { inText, startContentApp, type ContentApp } from './content-app';

let content: ContentApp;

beforeAll(async () => {
  content = await startContentApp();
});
afterAll(() => content.close());

async function compiled(words: string) {
  const source = {
    channel: 'email' as const,
    language: 'sv' as const,
    subject: 'Ämne',
    preheader: 'Mer',
    body: inText(words),
  };
  return (await content.app.get(ContentService).compile(source, 'Kursteamet')).content!;
}

describe('content versions', () => {
  it('gives the same words the same id, also when two freeze them at once', async () => {
    const service = content.app.get(ContentService);
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const frozen = await compiled('Samma ord');
        return content.db.tx((tx) => service.freeze(tx, frozen));
      }),
    );
    expect(new Set(ids).size).toBe(1);
    const other = await service.freeze(content.db, await compiled('Andra ord'));
    expect(other).not.toBe(ids[0]);
  });

  it('cannot be changed or removed afterwards', async () => {
    const id = await content.app.get(ContentService).freeze(content.db, await compiled('Fryst'));
    await expect(
      content.db.query('UPDATE content_version SET subject = $2 WHERE id = $1', [id, 'Nytt']),
    ).rejects.toThrow();
  });

  it('are opened once and rendered for anyone', async () => {
    const id = await content.app
      .get(ContentService)
      .freeze(content.db, await compiled("Hej {{ contact.first_name | default: 'du' }}"));
    const renderer = content.app.get(ContentRenderer);
    const open = await renderer.open(id);
    expect(await renderer.open(id)).toBe(open);
    const scope = sampleScope('sv', { publicUrl: 'https://utskick.example', senderName: 'X' });
    const { subject, htmlHoles, textHoles } = open.renderFor(scope);
    expect(subject).toBe('Ämne');
    expect(open.html(htmlHoles)).toContain('Hej Kim');
    expect(open.html(htmlHoles)).toContain('Kursteamet');
    expect(open.text(textHoles)).toContain('Hej Kim');
    expect(open.nonce).toMatch(/^[0-9a-f]{16}$/);
  });

  it('that do not exist are told so, and looked for again', async () => {
    const renderer = content.app.get(ContentRenderer);
    const id = newId();
    await expect(renderer.open(id)).rejects.toThrow('content_version_not_found');
    await expect(renderer.open(id)).rejects.toThrow('content_version_not_found');
  });
});
