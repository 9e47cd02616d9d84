import { after, allOf } from './condition';

describe('conditions over reach', () => {
  const sv = { text: 'r.language = $1', values: ['sv'] };
  const kinds = { text: 'r.kinds & $1 <> 0 OR r.kinds = $2', values: [3, 4] };

  it('go together, each with its own parameters', () => {
    expect(allOf([sv, kinds, sv])).toEqual({
      text: '(r.language = $1) AND (r.kinds & $2 <> 0 OR r.kinds = $3) AND (r.language = $4)',
      values: ['sv', 3, 4, 'sv'],
    });
  });

  it('of none everybody is meant', () => {
    expect(allOf([])).toEqual({ text: 'true', values: [] });
  });

  it('stand behind parameters of another', () => {
    expect(after(11, kinds)).toEqual({
      text: 'r.kinds & $12 <> 0 OR r.kinds = $13',
      values: [3, 4],
    });
  });
});
