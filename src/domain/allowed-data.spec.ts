import {
  mayAddInMinaSidor,
  checkAllowed,
  CONTACT_KINDS,
  correctedAs,
  type ContactKind,
  DATA_SOURCES,
  type DataSource,
  HANDLING_DATA,
  PERSONAL_DATA,
  refusalOf,
} from './allowed-data';

const EVERYTHING = [...PERSONAL_DATA];

describe('the data the policy allows', () => {
  it.each<[ContactKind, DataSource, string[]]>([
    ['company_contact', 'company_contact', EVERYTHING],
    ['company_contact', 'crm_sync', EVERYTHING],
    ['learner', 'employer_import', ['firstName', 'lastName', 'email']],
    ['learner', 'crm_sync', ['firstName', 'lastName', 'email']],
    ['learner', 'mina_sidor', ['firstName', 'lastName', 'email', 'phone']],
    ['newsletter_subscriber', 'newsletter_form', ['email']],
    ['newsletter_subscriber', 'mina_sidor', ['email']],
    ['support_contact', 'support', ['firstName', 'lastName', 'email', 'phone']],
  ])('policy 3.2: of a %s from %s is %j', (kind, source, allowed) => {
    expect(checkAllowed(kind, source, EVERYTHING).allowed).toEqual(allowed);
  });

  it('rule 9: an employer never hands over a phone, the learner may', () => {
    expect(refusalOf('learner', 'employer_import', 'phone')).toBe('only_from_mina_sidor');
    expect(refusalOf('learner', 'mina_sidor', 'phone')).toBeNull();
  });

  it('policy 3.2: of a subscriber no phone and no name is held, from any source', () => {
    for (const source of DATA_SOURCES) {
      for (const field of ['phone', 'firstName', 'lastName']) {
        expect(refusalOf('newsletter_subscriber', source, field)).toBe('not_for_kind');
      }
    }
  });

  it('says of each column of a file why it is refused', () => {
    expect(
      checkAllowed('learner', 'employer_import', ['email', 'city', 'phone', 'shoeSize']),
    ).toEqual({
      allowed: ['email'],
      refused: [
        { field: 'city', reason: 'not_for_kind' },
        { field: 'phone', reason: 'only_from_mina_sidor' },
        { field: 'shoeSize', reason: 'unknown_field' },
      ],
    });
  });

  it.each(['personnummer', '__proto__', 'constructor', 'toString', ''])(
    'refuses %j for everyone',
    (field) => {
      for (const kind of CONTACT_KINDS) {
        for (const source of DATA_SOURCES) {
          expect(refusalOf(kind, source, field)).toBe('unknown_field');
        }
      }
    },
  );

  it('lets everyone choose language and topics, and say no', () => {
    for (const kind of CONTACT_KINDS) {
      expect(checkAllowed(kind, 'crm_sync', HANDLING_DATA).refused).toEqual([]);
    }
  });
});

describe('what a person may add in Mina sidor', () => {
  it.each([
    ['a learner, a number', ['learner'], 'phone', true],
    ['a learner, a title', ['learner'], 'title', false],
    ['a contact at a company', ['company_contact'], 'phone', true],
    ['a subscriber', ['newsletter_subscriber'], 'phone', false],
    ['L-24: who wrote to get help', ['support_contact'], 'phone', false],
    ['a learner who wrote to get help', ['learner', 'support_contact'], 'phone', true],
    ['nobody', [], 'phone', false],
  ] as const)('%s', (_, kinds, field, may) => {
    expect(mayAddInMinaSidor(kinds, field)).toBe(may);
  });
});

describe('a correction', () => {
  it.each([
    [['newsletter_subscriber', 'company_contact'], 'company_contact', 'company_contact'],
    [['learner', 'newsletter_subscriber'], 'learner', 'employer_import'],
    [['newsletter_subscriber'], 'newsletter_subscriber', 'newsletter_form'],
    [[], 'support_contact', 'support'],
  ])('of %j is made as of a %s, from %s', (kinds, kind, source) => {
    expect(correctedAs(kinds)).toEqual({ kind, source });
  });
});
