import { secretOf, sign } from './sign';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const EXPECTED = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const BODY = '{"test": 2432232314}';

describe('signing a webhook', () => {
  it('gives what Standard Webhooks publishes', () => {
    expect(sign([SECRET], ID, 1_614_265_330, BODY)).toBe(EXPECTED);
  });

  it('gives one signature for each secret that is valid', () => {
    const other = secretOf('ours', 'endpoint', 1);
    const both = sign([other, SECRET], ID, 1_614_265_330, BODY).split(' ');
    expect(both).toHaveLength(2);
    expect(both[1]).toBe(EXPECTED);
  });

  it('has a secret of its own for each endpoint and generation, of 256 bits', () => {
    const secrets = [
      secretOf('ours', 'a', 1),
      secretOf('ours', 'a', 2),
      secretOf('ours', 'b', 1),
      secretOf('theirs', 'a', 1),
    ];
    expect(new Set(secrets).size).toBe(4);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });
});
