import { loadEnv } from '../../platform/config/load-env';
import type { Brand } from '../../platform/config/brand';
import { readLayout } from './bundled-templates';
import { compileEmail } from './compile';
import { layoutOf } from './house-look';
import { senderFrom } from './sender';

const env = loadEnv({ NODE_ENV: 'test', PUBLIC_URL: 'https://utskick.example' });
const plain: Brand = { name: null, colour: null, footer: '', logo: null };
const own: Brand = {
  name: 'Kursbolaget',
  colour: '#7a1fa2',
  footer: 'Org.nr 556000-0000 & vänner',
  logo: { path: '/brand/logo/3', width: 120, height: 40 },
};
const source = {
  language: 'sv' as const,
  subject: 'Hej',
  preheader: 'Om kurser',
  body: '<mj-section><mj-column><mj-text>Hej</mj-text><mj-button href="https://www.example.com/a">Läs</mj-button></mj-column></mj-section>',
};

describe('the look of the house', () => {
  it.each(['marketing', 'system'] as const)(
    'is the one that comes with the product until one is chosen (%s)',
    (kind) => expect(layoutOf(kind, plain, env)).toBe(readLayout(kind)),
  );

  it.each(['marketing', 'system'] as const)('has its own colours in both schemes (%s)', (kind) => {
    const layout = layoutOf(kind, own, env);
    expect(layout).toContain('#7a1fa2');
    expect(layout).not.toMatch(/#0f5a57|#0f4f4c|#86d0c4|#9fded3/);
    expect(layout).toContain('https://utskick.example/brand/logo/3');
    expect(layout).toContain('Org.nr 556000-0000 &#38; vänner<br />');
  });

  it('makes a mail that may be sent, with the logo and the line at the foot', async () => {
    const { content, problems } = await compileEmail(
      source,
      senderFrom(env, 'Kursbolaget'),
      layoutOf('marketing', own, env),
    );
    expect(problems).toEqual([]);
    expect(content!.html).toMatch(/<img[^>]*src="https:\/\/utskick\.example\/brand\/logo\/3"/);
    expect(content!.html).toContain('alt="Kursbolaget"');
    expect(content!.text).toContain('Org.nr 556000-0000 & vänner');
  });
});
