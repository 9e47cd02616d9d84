import { meaningOf } from './sms-keywords';

describe('P-53: what somebody means who answers a text message', () => {
  it.each([
    'STOP',
    'Stopp.',
    ' stopp ',
    'STOPP tack',
    '"Stop"',
    '”Stopp”',
    'stoppa nu!',
    'VH STOPP',
    'Avanmäl',
    'avanma\u0308l mig',
    'SLUTA!!!',
    'snälla, sluta',
    'Stop. Thank you',
    'unsubscribe',
    'Avsluta\nprenumeration',
  ])('a no: %j', (body) => expect(meaningOf(body)).toBe('stop'));

  it.each([
    'Vi måste stoppa krisen, räkna med mig!',
    'Kan ni sluta ringa mig på kvällarna',
    'Hur gör jag för att avsluta min kurs?',
    'stoppsignal',
    'Vem är det här?',
    'nej',
    '',
    '👍',
    'jag vill stoppa mig',
  ])('for a person to read: %j', (body) => expect(meaningOf(body)).toBe('unclear'));

  it.each(['START', 'ja', 'Yes!', ' unstop '])('P-56: a yes that lifts nothing: %j', (body) =>
    expect(meaningOf(body)).toBe('start'),
  );

  it('does not depend on the language of the machine', () => {
    expect(meaningOf('QUİT')).toBe('unclear');
    expect(meaningOf('quit')).toBe('stop');
  });
});
