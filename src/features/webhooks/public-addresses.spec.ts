import { isPublic, lookUpPublic } from './public-addresses';

describe('addresses that may be called', () => {
  it.each(['1.1.1.1', '193.10.1.1', '2606:4700::1111', '2a00:1450::1'])('%s may', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    'fd00::1',
    'fe80::1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('%s may not', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it('a name is judged by what it leads to', async () => {
    const code = await new Promise((done) =>
      lookUpPublic('localhost', { all: true }, (error) => done(error?.code)),
    );
    expect(code).toBe('private_address');
  });
});
