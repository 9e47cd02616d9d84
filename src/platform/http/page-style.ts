import { lightened } from '../../domain/colour';

/** The colour of buttons and links, when the house has chosen none. */
export const STANDARD_COLOUR = '#0f5a57';

/**
 * The one style sheet of the public pages, in the colours of the mails they are reached from: no web fonts,
 * 4.5:1 contrast in both schemes, 44 px targets, sizes that follow the reader's own. One rule a line, as a page
 * gets only those that it has something for.
 */
const STYLE = `
:root{color-scheme:light dark;--ink:#22302e;--head:#14211f;--soft:#56635f;--paper:#fff;--back:#f5f2eb;--tint:#eef4f1;--line:#e0d9cb;--edge:#6f7c78;--go:#0f5a57;--mark:#c2592b;--warn:#8c2f1b}
@media (prefers-color-scheme:dark){:root{--ink:#dfe8e5;--head:#f3f8f6;--soft:#a9b7b3;--paper:#1c2625;--back:#131b1a;--tint:#253230;--line:#34423f;--edge:#8b9a96;--go:#86d0c4;--mark:#f0a37c;--warn:#ffb4a2}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:1.0625rem/1.6 -apple-system,"Segoe UI",Roboto,Arial,sans-serif;overflow-wrap:break-word}
.top,main,footer{max-width:38rem;margin:0 auto;padding:1rem 1.5rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:0 1rem;min-height:4.25rem}
.brand{font:700 1.15rem/1.3 Georgia,serif;color:var(--head)}
.brand::before{content:"\\25cf\\a0\\a0"/"";color:var(--mark)}
main{background:var(--paper);border-radius:16px;padding:2.25rem 2rem;border:1px solid var(--line)}
.wide .top,.wide main,.wide footer{max-width:64rem}
h1,h2,h3{font-family:Georgia,serif;font-weight:400;color:var(--head);text-wrap:balance}
h1{font-size:2rem;line-height:1.2;margin:0 0 1.1rem}
h2{font-size:1.35rem;line-height:1.3;margin:2.25rem 0 .5rem}
p,ul,ol,dl{margin:.7rem 0}
ul,ol{padding-left:1.4rem}
p+dl{margin-top:1.75rem}
main>:first-child{margin-top:0}
a{color:var(--go);text-underline-offset:3px}
.top a,footer a{padding:.5rem 0}
.soft,small,footer{color:var(--soft);font-size:.94em}
small{display:block;grid-column:2}
footer p{margin:.15rem 0}
.nowrap{white-space:nowrap}
form{margin:1.4rem 0}
form>p:last-child{margin:1.25rem 0 0}
button,.button{display:inline-block;min-height:48px;padding:.7rem 1.5rem;border:2px solid var(--go);border-radius:10px;background:var(--go);color:var(--paper);font:inherit;font-weight:600;line-height:1.3;text-align:center;cursor:pointer;text-decoration:none}
button.plain{background:transparent;color:var(--go)}
button:hover,.button:hover{text-decoration:underline}
:focus-visible{outline:3px solid var(--mark);outline-offset:3px}
fieldset{min-width:0;border:1px solid var(--line);border-radius:12px;margin:1.1rem 0;padding:1rem 1.1rem}
legend{float:left;width:100%;padding:0;margin:0 0 .3rem;font-weight:600}
legend+*{clear:both}
label{display:block;margin:.5rem 0;font-weight:600}
fieldset label{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .8rem;align-items:start;margin:0;padding:.5rem 0;font-weight:400;line-height:1.45;cursor:pointer}
input[type=checkbox],input[type=radio]{width:1.4rem;height:1.4rem;margin:.05rem 0 0;accent-color:var(--go)}
input[type=email],input[type=text],input[type=tel],input[type=search],input[type=password],select,textarea{width:100%;min-height:48px;padding:.55rem .75rem;margin-top:.25rem;border:1px solid var(--edge);border-radius:10px;background:var(--paper);color:var(--ink);font:inherit;font-weight:400}
[aria-invalid=true]{border:2px solid var(--warn)!important}
.error{color:var(--warn);font-weight:600;margin:.3rem 0}
.summary{border:2px solid var(--warn);border-radius:12px;padding:1rem 1.25rem;margin:0 0 1.5rem}
.summary>:first-child,.card>:first-child,.done>:first-child{margin-top:0}
.summary>:last-child,.card>:last-child,.done>:last-child{margin-bottom:0}
.done,.card{background:var(--tint);border-radius:12px;padding:1rem 1.25rem;margin:1.1rem 0}
.done{border-left:5px solid var(--go)}
.banner{border:2px dashed var(--warn);border-radius:12px;padding:.75rem 1.25rem;margin:0 0 1.5rem;font-weight:600}
dt{margin-top:1.1rem;color:var(--soft);font-size:.94em}
dd{margin:0}
.row{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:flex-end}
.row label{flex:1 1 16rem;min-width:0;margin:0}
.list{list-style:none;padding:0;overflow-wrap:anywhere;border-top:1px solid var(--line)}
.list li{display:grid;gap:0 1.5rem;padding:.7rem 0;border-bottom:1px solid var(--line)}
@media (min-width:48rem){.list li{grid-template-columns:minmax(0,1fr) auto}}
details{border-top:1px solid var(--line)}
summary{padding:.7rem 0;font-weight:600;cursor:pointer}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.88em;overflow-wrap:anywhere}
pre{background:var(--back);padding:.75rem 1rem;border-radius:8px;white-space:pre-wrap}
iframe{width:100%;height:75vh;border:1px solid var(--line);border-radius:12px;background:#fff}
@media (max-width:40rem){main{border-radius:0;border-width:1px 0;padding:1.75rem 1.25rem}.top,footer{padding:1rem 1.25rem}h1{font-size:1.7rem}button,.button{width:100%}}
@media (max-width:40rem){.stack tr,.stack th,.stack td{display:block;border:0;padding:.1rem 0;overflow-wrap:anywhere}.stack tr{padding:.8rem 0;border-bottom:1px solid var(--line)}.stack thead{display:none}.stack td::before{content:attr(data-label) ": ";color:var(--soft)}}
`;

interface Rule {
  media: string;
  selectors: Selector[];
  block: string;
}

interface Selector {
  text: string;
  /** What must be there for it to matter: tags, classes, attributes with their value. */
  names: string[];
}

const RULES = STYLE.trim().split('\n').map(readRule);

function readRule(css: string): Rule {
  const [, media = '', selectors, block] = /^(@media[^{]*\{)?([^{]*)(\{.*)$/.exec(css)!;
  return { media, selectors: selectors!.split(',').map(readSelector), block: block! };
}

function readSelector(text: string): Selector {
  return { text, names: text.replace(/:+[\w-]+/g, '').match(/\[.*?\]|\.?[a-z]\w*/g) ?? [] };
}

/** The style of a page, from its markup: half of the sheet is for what most pages do not have. */
export function styleFor(markup: string): string {
  const there = namesIn(markup);
  return RULES.map(({ media, selectors, block }) => {
    const kept = selectors.filter(({ names }) => names.every((name) => there.has(name)));
    return kept.length > 0 ? media + kept.map(({ text }) => text).join(',') + block : '';
  }).join('');
}

function namesIn(markup: string): Set<string> {
  const names = new Set<string>();
  for (const [, tag, attributes] of markup.matchAll(/<([a-z]\w*)([^>]*)/g)) {
    names.add(tag!);
    for (const [, name, value] of attributes!.matchAll(/([\w-]+)="([^"]*)"/g)) {
      if (name !== 'class') names.add(`[${name}=${value}]`);
      else for (const one of value!.split(' ')) names.add(`.${one}`);
    }
  }
  return names;
}

/** The rules that change the colour of buttons and links, in both schemes; none for the standard colour. */
export function coloursOf(colour: string | null): string {
  if (colour === null || colour === STANDARD_COLOUR) return '';
  const rule = (go: string) => `:root{--go:${go};--mark:${go}}`;
  const dark = rule(lightened(colour));
  return `${rule(colour)}@media (prefers-color-scheme:dark){${dark}}`;
}
