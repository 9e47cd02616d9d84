import { drawClicks } from './draw-clicks';

const HOME = 'https://utskick.example';
const LINKS = [
  { href: `${HOME}/c/aaaaaaaa`, number: 1, clicks: 3 },
  { href: `${HOME}/c/bbbbbbbb`, number: 2, clicks: 1 },
];

/** What a reader sees, without the look of it. */
const seen = (html: string) => html.replace(/ style="[^"]*"/g, '');

describe('clicks drawn on a mail', () => {
  it('stand at each link with its number, count and share', () => {
    const html = `<p><a href="${HOME}/c/aaaaaaaa">Läs</a> <a class="x"\n href="${HOME}/c/bbbbbbbb"><b>Boka</b></a></p>`;
    expect(seen(drawClicks(html, LINKS, 'sv'))).toBe(
      '<p><a href="#">Läs<span>1 · 3 klick (75\u00a0%)</span></a> ' +
        '<a class="x"\n href="#"><b>Boka</b><span>2 · 1 klick (25\u00a0%)</span></a></p>',
    );
    expect(drawClicks(html, LINKS, 'en')).toContain('2 · 1 click (25%)');
  });

  it('stand at every place where the same link stands', () => {
    const html = `<a href="${HOME}/c/aaaaaaaa"><img src="x.png"></a><a href="${HOME}/c/aaaaaaaa">Läs</a>`;
    expect(drawClicks(html, LINKS, 'sv').match(/1 · 3 klick/g)).toHaveLength(2);
  });

  it('leave the other links as they are, and no link that would count whoever looks', () => {
    const html = `<a href="${HOME}/u/x">Avsluta</a><a href="${HOME}/c/cccccccc">Annat</a><a href="${HOME}/c/bbbbbbbb">Boka</a>`;
    const drawn = drawClicks(html, LINKS, 'sv');
    expect(drawn).toContain(
      `<a href="${HOME}/u/x">Avsluta</a><a href="${HOME}/c/cccccccc">Annat</a>`,
    );
    expect(drawn).not.toContain('bbbbbbbb');
  });

  it('say no share of nothing', () => {
    const drawn = drawClicks(
      `<a href="${HOME}/c/aaaaaaaa">Läs</a>`,
      [{ ...LINKS[0]!, clicks: 0 }],
      'sv',
    );
    expect(seen(drawn)).toBe('<a href="#">Läs<span>1 · 0 klick</span></a>');
  });
});
