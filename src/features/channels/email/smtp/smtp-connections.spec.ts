import { readSmtpUrl } from './smtp-connections';

describe('SMTP_URL', () => {
  it('requires TLS for any host but this machine', () => {
    expect(readSmtpUrl('smtp://mail.example.com:587').options).toMatchObject({
      host: 'mail.example.com',
      requireTLS: true,
    });
    expect(readSmtpUrl('smtps://mail.example.com').options).toMatchObject({
      secure: true,
      requireTLS: false,
    });
    expect(readSmtpUrl('smtp://localhost:1025').options.requireTLS).toBe(false);
    expect(readSmtpUrl('smtp://127.0.0.1:1025').options.requireTLS).toBe(false);
  });

  it('lets the operator say otherwise, for a relay in a closed network', () => {
    expect(readSmtpUrl('smtp://relay:25?requireTLS=false').options.requireTLS).toBe(false);
  });

  it('reads log-in and limits', () => {
    const settings = readSmtpUrl(
      'smtps://utskick:l%C3%B6sen@mail.example.com:465?maxConnections=3&maxMessages=7',
    );
    expect(settings).toMatchObject({
      auth: { user: 'utskick', pass: 'lösen' },
      maxConnections: 3,
      maxMessages: 7,
    });
    expect(readSmtpUrl('smtp://localhost')).toMatchObject({
      maxConnections: 10,
      maxMessages: 1000,
    });
  });
});
