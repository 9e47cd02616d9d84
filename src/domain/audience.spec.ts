import { audienceCondition, WHOLE_TOPIC } from './audience';
import { treeOf } from './segment/of-audience';

const MALMO = '018f0000-0000-7000-8000-000000000001';
const LUND = '018f0000-0000-7000-8000-000000000002';
const TOPIC = '018f0000-0000-7000-8000-000000000003';

describe('an audience with segments', () => {
  const audience = { ...WHOLE_TOPIC, segments: { include: [MALMO], exclude: [LUND] } };

  it('asks for people in any of the included and in none of the excluded', () => {
    expect(treeOf(WHOLE_TOPIC)).toBeNull();
    expect(treeOf(audience)).toEqual({
      match: 'all',
      rules: [
        { field: 'segment', op: 'one_of', value: [MALMO] },
        { field: 'segment', op: 'none_of', value: [LUND] },
      ],
    });
  });

  it('is refused when what its segments ask is forgotten', () => {
    expect(() => audienceCondition(audience, 'email', TOPIC)).toThrow(RangeError);
    const inSegments = { text: 'r.city = $1', values: ['Malmö'] };
    const { text, values } = audienceCondition({ ...audience, inSegments }, 'email', TOPIC);
    expect(text).toMatch(/AND \(r\.city = \$2\)$/);
    expect(values).toEqual([TOPIC, 'Malmö']);
  });
});
