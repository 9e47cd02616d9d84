// node prisma/demo/make.mjs
//
// Writes the people of the demo: invented, always the same, at addresses that cannot exist (RFC 2606, 6761).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, PRIVATE_DOMAINS, TITLES } from './names.mjs';

/** A small generator of its own (mulberry32): Math.random has no seed. */
let state = 20_180_405;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

const pick = (list) => list[Math.floor(random() * list.length)];
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const chance = (share) => random() < share;

function ascii(name) {
  const plain = name
    .toLowerCase()
    .replace(/æ/g, 'ae')
    .replace(/ø/g, 'o')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  return plain.replace(/[^a-z-]+/g, '');
}

const taken = new Set();

/** `åsa.öberg@` as asa.oberg@, with a number when somebody has it already. */
function addressOf(first, last, domain) {
  for (let n = 1; ; n += 1) {
    const address = `${ascii(first)}.${ascii(last)}${n > 1 ? n : ''}@${domain}`;
    if (taken.has(address)) continue;
    taken.add(address);
    return address;
  }
}

/** Which topics, each with its own share of people. */
const topics = (shares) =>
  Object.entries(shares)
    .filter(([, share]) => chance(share))
    .map(([key]) => key)
    .join(' ');

const domainOf = (company) => `${ascii(company.replace(/ (AB|HB|Ek\. för\.)$/, ''))}.example`;

const companies = COMPANIES.map((name) => ({ name, domain: domainOf(name), city: pick(CITIES) }));

let phone = 605;
const contacts = companies.flatMap(({ name, domain, city }) =>
  Array.from({ length: between(4, 8) }, (_, n) => {
    const [first, last] = [pick(FIRST_NAMES), pick(LAST_NAMES)];
    return {
      email: addressOf(first, last, domain),
      first_name: first,
      last_name: last,
      title: n === 0 ? 'Utbildningsansvarig' : pick(TITLES),
      organisation: name,
      city: chance(0.85) ? city : pick(CITIES),
      phone:
        n < 2 && phone <= 699
          ? `070-174 0${Math.floor(phone / 100)} ${String(phone++ % 100).padStart(2, '0')}`
          : '',
      language: chance(0.07) ? 'en' : 'sv',
      topics: topics({ nyhetsbrev: 0.85, kurstips: 0.6, erbjudanden: 0.5, webbinarier: 0.45 }),
    };
  }),
);

// Every second company also has its people on courses. The last of them never said that it had told them.
const employers = companies.filter((_, n) => n % 2 === 0 || n % 5 === 1).slice(0, 24);
const learners = employers.flatMap(({ name, domain }, n) =>
  Array.from({ length: between(30, 56) }, (_, i) => {
    const [first, last] = [pick(FIRST_NAMES), pick(LAST_NAMES)];
    // The people on the floor of some companies share one mailbox: one mail is enough for all of them.
    const shared = n % 11 === 4 && i < 3;
    return {
      email: shared ? `verkstan@${domain}` : addressOf(first, last, domain),
      first_name: first,
      last_name: last,
      external_id: `${domain.split('.')[0]}-${String(i + 1).padStart(3, '0')}`,
      employer: name,
      attested: n === employers.length - 1 ? 'no' : 'yes',
      language: chance(0.1) ? 'en' : 'sv',
      topics: topics({ nyhetsbrev: 0.35, kurstips: 0.7, erbjudanden: 0.12, webbinarier: 0.2 }),
    };
  }),
);

// A few signed up and never pressed the button in the confirmation.
const subscribers = Array.from({ length: 640 }, () => ({
  email: addressOf(pick(FIRST_NAMES), pick(LAST_NAMES), pick(PRIVATE_DOMAINS)),
  language: chance(0.06) ? 'en' : 'sv',
  confirmed: chance(0.035) ? 'no' : 'yes',
  topics: ['nyhetsbrev', topics({ kurstips: 0.45, erbjudanden: 0.3, webbinarier: 0.25 })]
    .join(' ')
    .trim(),
}));

const support = Array.from({ length: 24 }, () => {
  const [first, last] = [pick(FIRST_NAMES), pick(LAST_NAMES)];
  return {
    email: addressOf(first, last, pick(PRIVATE_DOMAINS)),
    first_name: first,
    last_name: last,
    language: 'sv',
  };
});

/** What some of them did since: each row one thing that somebody did or said, and the door it came in by. */
const deeds = [
  ...draw(contacts, 6, { act: 'opt_out', door: 'service_desk', detail: 'phone' }),
  ...draw(contacts, 4, { act: 'opt_out', door: 'manual_form', detail: 'address' }),
  ...draw(contacts, 3, { act: 'opt_out', door: 'api', detail: 'crm' }),
  ...draw(contacts, 5, { act: 'undeliverable', door: 'bounce', detail: 'bounce' }),
  ...draw(learners, 11, { act: 'opt_out', door: 'mina_sidor', detail: 'all' }),
  ...draw(learners, 6, { act: 'opt_out', door: 'mina_sidor', detail: 'topic', topic: 'kurstips' }),
  ...draw(learners, 3, { act: 'opt_out', door: 'privacy_officer', detail: 'letter' }),
  ...draw(learners, 14, { act: 'undeliverable', door: 'bounce', detail: 'bounce' }),
  ...draw(subscribers, 9, { act: 'opt_out', door: 'manual_form', detail: 'address' }),
  ...draw(subscribers, 4, { act: 'opt_out', door: 'reply_mail', detail: 'reply' }),
  ...draw(subscribers, 2, { act: 'opt_out', door: 'service_desk', detail: 'chat' }),
  ...draw(subscribers, 7, {
    act: 'opt_out',
    door: 'preference_page',
    detail: 'topic',
    topic: 'erbjudanden',
  }),
  ...draw(subscribers, 8, { act: 'pause', door: 'preference_page', detail: 'three_months' }),
  ...draw(subscribers, 9, { act: 'undeliverable', door: 'bounce', detail: 'bounce' }),
];

function draw(people, count, deed) {
  const left = people.filter(
    ({ email, drawn, confirmed }) => !drawn && confirmed !== 'no' && !email.startsWith('verkstan@'),
  );
  return Array.from({ length: count }, () => {
    const [person] = left.splice(Math.floor(random() * left.length), 1);
    Object.defineProperty(person, 'drawn', { value: true });
    return { email: person.email, ...deed };
  });
}

// A file to try an import with: new people, some of them faulty, one twice, and a no that must stand.
const toImport = Array.from({ length: 40 }, () => {
  const { name, domain, city } = pick(companies);
  const [first, last] = [pick(FIRST_NAMES), pick(LAST_NAMES)];
  return {
    'e-post': addressOf(first, last, domain),
    förnamn: first,
    efternamn: last,
    titel: pick(TITLES),
    företag: name,
    ort: city,
  };
});
toImport[6] = { ...toImport[6], 'e-post': 'saknar-snabel-a.example' };
toImport[13] = { ...toImport[13], 'e-post': '' };
toImport[21] = { ...toImport[20] };
toImport[28] = { ...toImport[28], ...personOf(deeds[0]) };
toImport[33] = { ...toImport[33], ...personOf(deeds[7]) };

function personOf({ email }) {
  const person = contacts.find((contact) => contact.email === email);
  return {
    'e-post': email,
    förnamn: person.first_name,
    efternamn: person.last_name,
    titel: person.title,
    företag: person.organisation,
    ort: person.city,
  };
}

const COLUMNS = {
  contacts: 'email first_name last_name title organisation city phone language topics',
  learners: 'email first_name last_name external_id employer attested language topics',
  subscribers: 'email language confirmed topics',
  support: 'email first_name last_name language',
  deeds: 'email act door detail topic',
  'prova-importera': 'e-post förnamn efternamn titel företag ort',
};

function write(name, rows) {
  const columns = COLUMNS[name].split(' ');
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(';'));
  const text = [columns.join(';'), ...lines].join('\n');
  writeFileSync(join(import.meta.dirname, `${name}.csv`), `${text}\n`);
}

write('contacts', contacts);
write('learners', learners);
write('subscribers', subscribers);
write('support', support);
write('deeds', deeds);
write('prova-importera', toImport);
