import { readCost } from './sms-costs';

describe('what is told of the cost of a text message', () => {
  it.each([
    ['nothing', {}, null],
    ['no parts yet', { NumSegments: '0', Price: '', PriceUnit: 'SEK' }, null],
    ['parts', { NumSegments: '2' }, { parts: 2, price: null, currency: null }],
    [
      'a price, as it is taken from the account',
      { NumSegments: '1', Price: '-0.05200', PriceUnit: 'sek' },
      { parts: 1, price: '0.05200', currency: 'SEK' },
    ],
    ['a price without its currency', { Price: '-0.052' }, null],
    ['nonsense', { NumSegments: '-1', Price: '1e9', PriceUnit: 'SEK' }, null],
  ])('is read: %s', (_, told, expected) => {
    expect(readCost(told as Record<string, string>)).toEqual(expected);
  });
});
