import { sizeOf } from '../../domain/sms-text';
import { loadEnv } from '../../platform/config/load-env';
import { readSystemTexts } from './bundled-templates';
import { SYSTEM_TEXTS, SystemTexts } from './system-texts';

const texts = new SystemTexts(
  loadEnv({ NODE_ENV: 'test', CONTROLLER_NAME: 'Provbolaget AB', PUBLIC_URL: 'https://u.example' }),
);
const CODE = { code: '012345', validMinutes: '10' };

describe('system text messages', () => {
  it('are exactly those on the closed list, in both languages', () => {
    const files = readSystemTexts().map(({ key, language }) => `${key}.${language}`);
    const listed = SYSTEM_TEXTS.flatMap((key) => [`${key}.sv`, `${key}.en`]);
    expect(files.sort()).toEqual(listed.sort());
  });

  it.each(['sv', 'en'] as const)('say who writes, and are one part, in %s', (language) => {
    const text = texts.render('phone-code', language, CODE);
    expect(text).toMatch(/^Provbolaget AB: .*012345/);
    expect(text).not.toMatch(/[{}]|http/);
    expect(sizeOf(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

  it('are not rendered with a value missing', () => {
    expect(() => texts.render('phone-code', 'sv', { code: '012345' })).toThrow('validMinutes');
  });
});
