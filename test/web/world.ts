import { normaliseEmail } from '../../src/domain/address';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { AddressKeys } from '../../src/features/contacts/address-keys';
import { LoginLinks } from '../../src/features/my-pages/log-in/login-links';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { ReduceMailings } from '../../src/features/registry/reduce-mailings';
import { LinkTokens } from '../../src/features/registry/link-tokens';
import { Topics } from '../../src/features/registry/topics.service';
import { SignupForms } from '../../src/features/signups/forms/signup-forms.service';
import { RequestSignup } from '../../src/features/signups/request-signup';
import { OPERATOR } from '../../src/platform/http/actor';
import { NEWSLETTER_FORM } from '../setup/newsletter-form';
import { Service, until, type MailboxRow } from '../setup/service';

/** The words in a mail's links: /u/…, /preferences/… and so on. */
export type LinkKind = 'u' | 'preferences' | 'why' | 'view' | 'confirm' | 'mina-sidor';

const TOPICS = [
  {
    key: 'nyhetsbrev',
    nameSv: 'Nyhetsbrev',
    nameEn: 'Newsletter',
    descriptionSv: 'En gång i månaden: det bästa vi har lärt oss om att lära sig på jobbet.',
    descriptionEn: 'Once a month: the best we have learnt about learning at work.',
  },
  {
    key: 'kurstips',
    nameSv: 'Kurstips',
    nameEn: 'Course tips',
    descriptionSv: 'Några korta kurser åt gången, högst varannan vecka.',
    descriptionEn: 'A few short courses at a time, at most every other week.',
  },
  {
    key: 'webbinarier',
    nameSv: 'Webbinarier',
    nameEn: 'Webinars',
    descriptionSv: 'Inbjudningar till öppna webbinarier, ungefär sex om året.',
    descriptionEn: 'Invitations to open webinars, about six a year.',
  },
];

/** The product with topics, a sign-up form and mail in the mailbox. */
export class World {
  private constructor(
    readonly service: Service,
    readonly topicIds: readonly string[],
    private readonly formId: string,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<World> {
    const service = await Service.open(settings);
    const topicIds: string[] = [];
    for (const [position, topic] of TOPICS.entries()) {
      const assessedAt = new Date().toISOString();
      const { id } = await service
        .get(Topics)
        .create({ ...topic, purpose: 'R-05', position, assessedAt }, OPERATOR);
      topicIds.push(id);
    }
    const form = await service.get(SignupForms).create({ ...NEWSLETTER_FORM, topicIds }, OPERATOR);
    return new World(service, topicIds, form.id);
  }

  /** People who agreed to the first topics, and have got a campaign about the first. */
  async mailTo(emails: readonly string[], topics = 1): Promise<string> {
    for (const topicId of this.topicIds.slice(0, topics)) {
      await this.service.people(
        topicId,
        emails.map((email) => ({ email })),
      );
    }
    const campaignId = await this.service.launch(this.topicIds[0]!, { publicArchive: true });
    await this.service.settled(campaignId);
    return campaignId;
  }

  async testMailTo(email: string, campaignId: string): Promise<void> {
    await this.service.get(CheckCampaign).sendTest(campaignId, [email], OPERATOR);
  }

  /** A sign-up as the form makes it; past the form, which would find so many from one place strange. */
  async requestSignup(email: string): Promise<void> {
    const address = normaliseEmail(email);
    if (!address.ok) throw new Error(email);
    await this.service.get(RequestSignup).run({
      formId: this.formId,
      email: address,
      topicIds: this.topicIds.slice(0, 1),
      tracking: false,
      language: 'sv',
      contactId: null,
      wording: { kind: 'signup_form', text: 'Få våra utskick' },
    });
  }

  /** Path of the link in the confirmation mail to a new address. */
  async signUp(email: string): Promise<string> {
    await this.requestSignup(email);
    await until(async () => (await this.service.mailbox(email)).length > 0, 20, 'confirmation');
    return this.path(email, 'confirm');
  }

  /** Path of the link that logs this person in to Mina sidor. */
  async logInLink(email: string): Promise<string> {
    const before = (await this.service.mailbox(email)).length;
    await this.service.get(LoginLinks).request(email);
    await until(async () => (await this.service.mailbox(email)).length > before, 20, 'log-in link');
    return this.path(email, 'mina-sidor');
  }

  /** Path of a link in the latest mail to this address. */
  async path(email: string, kind: LinkKind): Promise<string> {
    const mail = (await this.service.mailbox(email)).at(-1);
    const path = mail && linksOf(this.service, mail).find((link) => link.startsWith(`/${kind}/`));
    if (!path) throw new Error(`no mail to ${email} has a link to /${kind}`);
    return path;
  }

  /** The token in the links of the latest mail to this address. */
  async token(email: string): Promise<string> {
    return (await this.path(email, 'u')).slice('/u/'.length);
  }

  /** The token in the link of a text message to somebody who has agreed to the first topic by that number. */
  readonly textTo = async (phone: string): Promise<string> => {
    const { service } = this;
    const email = `${phone.slice(1)}@example.com`;
    const [contactId] = await service.people(this.topicIds[0]!, [{ email, phone }]);
    const addressKey = service.get(AddressKeys).keysOf('sms', phone)[0]!.key;
    const tokens = service.get(LinkTokens);
    const token = tokens.random('sms');
    await tokens.store(service.db, [
      { hash: tokens.hash(token), class: 'message', channel: 'sms', addressKey, contactId },
    ]);
    return token;
  };

  /** Path of the mailbox's page about the latest mail to this address. */
  async mailboxPath(email: string): Promise<string> {
    const [mail] = await this.service.db.query<{ id: string }>(
      `SELECT id FROM mailbox_message WHERE to_address = $1 ORDER BY at DESC LIMIT 1`,
      [email],
    );
    return `/dev/mailbox/${mail!.id}`;
  }

  /** A no from a person by another door than a link. */
  async sayNo(email: string): Promise<void> {
    await this.service
      .get(OptOuts)
      .byAddress('email', email, { door: 'service_desk', actor: OPERATOR });
  }

  async pause(token: string): Promise<void> {
    const link = await this.service.get(LinkTokens).find(token);
    await this.service.get(ReduceMailings).pause(link!);
  }

  close(): Promise<void> {
    return this.service.close();
  }
}

/** Paths of all links to us in a mail: its header, its HTML and its text. */
export function linksOf(service: Service, mail: MailboxRow): string[] {
  const home = service.env.PUBLIC_URL;
  const urls = `${mail.headers['List-Unsubscribe'] ?? ''} ${mail.html} ${mail.text}`.matchAll(
    /https?:\/\/[^\s"'<>)]+/g,
  );
  const ours = [...urls].map(([url]) => url).filter((url) => url.startsWith(`${home}/`));
  return [...new Set(ours)].map((url) => url.slice(home.length));
}
