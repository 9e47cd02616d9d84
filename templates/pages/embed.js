// <div id="utskick"></div>
// <script src="https://…/mina-sidor/embed.js" data-into="utskick" data-token-url="/utskick-token" defer></script>
const { src, dataset } = document.currentScript;
const api = new URL('../api/v1/me/preferences', src);
const root = document.getElementById(dataset.into);
const body = make('div');
const status = make('p', '', { role: 'status' });
root.append(body, status);
let say = texts[document.documentElement.lang.slice(0, 2)] || texts.sv;
let last;
let turn = Promise.resolve();

act('GET');

function act(method, change) {
  status.textContent = method === 'GET' ? say.loading : '';
  turn = turn.then(async () => {
    let message;
    try {
      last = await call(method, change);
      say = texts[last.language] || say;
      message = change ? say.saved : '';
    } catch (cause) {
      message = cause.said || say.failed;
    }
    if (last) draw(last);
    status.textContent = message;
  });
}

// A token counts for one call, so each call fetches its own from the portal.
async function call(method, change) {
  const { token } = await read(await fetch(dataset.tokenUrl, { method: 'POST' }));
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = change && JSON.stringify(change);
  const answer = await fetch(api, { method, headers, body, credentials: 'omit' });
  // Why not, in a sentence for the person.
  if (answer.status === 409) throw Object.assign(new Error(), { said: (await answer.json()).detail });
  return read(answer);
}

function read(response) {
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

function draw({ language, topics, everythingOff, pausedUntil, fewer, consentText }) {
  const focused = document.activeElement.id;
  const day = (at) => new Date(at).toLocaleDateString(language);
  const heading = make('h2', say.heading, { id: 'utskick-heading', tabIndex: -1 });
  const parts = [heading];
  if (everythingOff) parts.push(make('p', say.isAllOff));
  if (pausedUntil) parts.push(make('p', say.paused.replace('{date}', day(pausedUntil))));
  if (fewer) parts.push(make('p', say.fewer));
  // Turning on is a consent: these words are kept with it.
  parts.push(make('p', consentText));
  for (const topic of topics) parts.push(drawTopic(topic, day));
  if (!everythingOff) {
    const off = make('button', say.allOff, { id: 'utskick-off', type: 'button' });
    off.onclick = () => act('PUT', { everythingOff: true });
    parts.push(off);
  }
  body.lang = language;
  body.replaceChildren(...parts);
  if (focused.startsWith('utskick-')) (document.getElementById(focused) || heading).focus();
}

function drawTopic({ key, name, description, channels }, day) {
  const group = make('fieldset');
  group.append(make('legend', name));
  if (description) group.append(make('p', description));
  for (const channel of ['email', 'sms']) {
    const now = channels[channel];
    if (!now) continue;
    const id = `utskick-${channel}-${key}`;
    const box = make('input', '', { id, type: 'checkbox', checked: now.on });
    box.onchange = () => act('PUT', { topics: [{ key, channel, on: box.checked }] });
    const since = !now.on && now.since ? ` (${say.since.replace('{date}', day(now.since))})` : '';
    const line = make('div');
    line.append(box, ' ', make('label', say[channel] + since, { htmlFor: id }));
    group.append(line);
  }
  return group;
}

function make(tag, text, properties) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  return Object.assign(element, properties);
}
