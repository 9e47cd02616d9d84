import { postDetail } from './post-detail';

const urlencoded = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary=b';
const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('how an opt-out link was posted (P-07)', () => {
  it.each([
    ['one_click', urlencoded, 'List-Unsubscribe=One-Click'],
    ['one_click', urlencoded, 'List-Unsubscribe=One-Click\r\n'],
    ['one_click', `${urlencoded}; charset=utf-8`, 'a=b&List-Unsubscribe=One-Click'],
    ['one_click', '', 'List-Unsubscribe=One-Click'],
    ['one_click', multipart, `${part('List-Unsubscribe', 'One-Click')}--b--`],
    ['one_click', multipart, part('List-Unsubscribe', 'One-Click').replaceAll('\r\n', '\n')],
    [
      'one_click',
      'Multipart/Form-Data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\nContent-Type: text/plain\r\n\r\nOne-Click\r\n--b--`,
    ],
    ['form', urlencoded, 'form=1'],
    ['form', multipart, `${part('form', '1')}--b--`],
    ['bare', urlencoded, ''],
    ['bare', urlencoded, 'List-Unsubscribe=Two-Clicks'],
    ['bare', 'application/json', '{"List-Unsubscribe":"One-Click"}'],
    ['bare', multipart, '--b'],
    ['bare', urlencoded, '%E0%A4%A'],
  ])('%s: %s %j', (detail, contentType, text) => {
    expect(postDetail({ contentType, text })).toBe(detail);
  });

  it('is bare without any body', () => {
    expect(postDetail(undefined)).toBe('bare');
  });

  it('reads sixteen kilobytes of anything in no time', () => {
    for (const text of [
      'name="a"\r\n'.repeat(1_800),
      'name='.repeat(3_200),
      '\r\n'.repeat(8_000),
    ]) {
      const start = performance.now();
      postDetail({ contentType: multipart, text });
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});
