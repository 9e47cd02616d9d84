/** A mail of about 20 KB as HTML, with ten merge fields beside those that the layout has. */
export const CAMPAIGN = {
  language: 'sv',
  subject:
    '{{ contact.first_name | default: "Hej" }}, höstens kurser för {{ organisation.name | default: "er" }}',
  preheader: 'Fyra kurser som blir av, och ett knep.',
  body: [
    text(
      `<h1>Hej {{ contact.full_name | default: 'du' }}!</h1>
       <p>Vi vet att du som {{ contact.title | default: 'ansvarig' }} har mycket att göra, och att hösten i
       {{ contact.city | default: 'din stad' }} är full. Därför är det här brevet kort, {{ contact.first_name | default: 'du' }}.</p>`,
    ),
    ...['Svåra samtal, lugnt sagda', 'Nätfiske, på riktigt', 'Tjugo minuter som blir av'].map(
      (course) =>
        text(
          `<h2>${course}</h2>
         <p>Den som lägger in kursen i kalendern gör den oftare klart än den som tänker ta den när det lugnar ner
         sig. Det lugnar sällan ner sig. Prova tisdagar klockan nio: en kopp kaffe, tjugo minuter, en lektion.</p>
         <p>Öva på att säga det som behöver sägas, innan det har växt. Tio mejl, tio beslut. Hur många hade du
         klickat på en fredag? <a href="https://www.example.com/kurser/hosten">Till kursen</a></p>`,
        ),
    ),
    text(
      `<h2>Till {{ organisation.name | default: 'ert företag' }}</h2>
       <p>Vi kommer gärna till {{ organisation.city | default: 'er' }} och visar, {{ contact.first_name | default: 'du' }}
       {{ contact.last_name | default: '' }}. Svara på brevet så ringer vi, {{ contact.title | default: 'som vanligt' }}.</p>`,
    ),
  ].join('\n'),
};

function text(html: string): string {
  return `<mj-section><mj-column><mj-text>${html}</mj-text></mj-column></mj-section>`;
}
