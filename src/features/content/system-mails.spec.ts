import { loadEnv } from '../../platform/config/load-env';
import { SYSTEM_MAILS, SystemMails } from './system-mails';
import { readSystemTemplates } from './bundled-templates';

const mails = new SystemMails(
  loadEnv({ NODE_ENV: 'test', CONTROLLER_NAME: 'Provbolaget AB', PUBLIC_URL: 'https://u.example' }),
);

describe('system mails', () => {
  it('are exactly those on the closed list, in both languages', () => {
    const files = readSystemTemplates().map(({ key, language }) => `${key}.${language}`);
    const listed = SYSTEM_MAILS.flatMap((key) => [`${key}.sv`, `${key}.en`]);
    expect(files.sort()).toEqual(listed.sort());
  });

  it('fill in their values, escaped in HTML, literal in text, on one line in the subject', async () => {
    const { subject, html, text } = await mails.render('welcome', 'sv', {
      topics: 'Tips\r\n& "råd" {{ x }}',
      preferencesUrl: 'https://u.example/preferences/abc',
      unsubscribeUrl: 'https://u.example/u/abc',
    });
    expect(subject).toBe('Klart: du får nu Tips & "råd" {{ x }}');
    expect(html).toContain('&amp; &#34;råd&#34; {{ x }}');
    expect(text).toContain('& "råd" {{ x }}');
    expect(text).toContain('Avsluta prenumeration: https://u.example/u/abc');
    expect(html).toContain('Provbolaget AB');
  });

  it('D-08: the receipt names the authority from the settings', async () => {
    const { text } = await mails.render('opt-out-receipt', 'sv', {
      scope: 'all reklam',
      recordedAt: '2 mars 2026',
      preferencesUrl: 'https://u.example/preferences/abc',
    });
    expect(text).toContain('Integritetsskyddsmyndigheten (IMY)');
  });

  it('are not rendered with a value missing', async () => {
    await expect(
      mails.render('login-link', 'sv', { loginUrl: 'https://u.example' }),
    ).rejects.toThrow('validMinutes');
  });
});
