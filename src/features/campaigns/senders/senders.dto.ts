import { PartialType } from '@nestjs/swagger';
import { IsBoolean, IsEmail, IsFQDN, Matches, ValidateIf } from 'class-validator';
import { Optional } from '../../../platform/http/validation';

/** Whom a campaign may be from. */
export class SenderInput {
  /** Shown beside the address; neither braces nor brackets, since mails are made of it. */
  @Matches(/^[^\p{Cc}{}[\]<>"]{1,60}$/u)
  name: string;
  @IsEmail({ require_tld: false })
  email: string;
  /** Where answers go; null: to customer service. */
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsEmail({ require_tld: false })
  replyTo?: string | null;
  /** Taken when a campaign names no sender. The first one always is. */
  @Optional()
  @IsBoolean()
  isDefault?: boolean;
}

export class SenderChange extends PartialType(SenderInput) {}

export class DomainInput {
  /** Domain of a sender. */
  @IsFQDN({ require_tld: false })
  domain: string;
}

/** The records as they were found, for whoever has to mend them; empty: none. */
export class DomainRecords {
  spf: string;
  dkim: string;
  dmarc: string;
}

/** Whether mailbox providers will believe that mail from a domain is ours. */
export class SenderDomain {
  domain: string;
  checkedAt: Date;
  spf: boolean;
  dkim: boolean;
  dmarc: boolean;
  details: DomainRecords;
}

export class SenderView {
  id: string;
  name: string;
  email: string;
  replyTo: string | null;
  isDefault: boolean;
  createdAt: Date;
  /** The last check of its domain; null before there was one. */
  domain: SenderDomain | null;
}

/** Who sends when there is no sender: what the settings of the installation say. */
export class SettingsSender {
  name: string;
  email: string;
  replyTo: string;
  domain: SenderDomain | null;
}

export class SenderList {
  items: SenderView[];
  fromSettings: SettingsSender;
  /** Whether a campaign is stopped when a record is missing. */
  domainCheckRequired: boolean;
}
