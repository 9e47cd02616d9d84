import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Channel } from '../../domain/address';
import { CaseView } from './cases/cases.dto';

export class DeskSearch {
  /** An email address, a phone number in any spelling, a name, a case's reference or your id of the person. */
  @IsString()
  @Length(2, 320)
  query: string;
}

export class DeskAddress {
  channel: Channel;
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Whole for whoever may read contacts, else masked; null: only the registry knows it.',
  })
  address: string | null;
  /** What may be sent there, or why nothing. */
  sentence: string;
}

/** A person, or an address that nobody is registered with. */
export class DeskHit {
  @ApiProperty({ type: String, nullable: true, description: 'null: nobody has the address.' })
  contactId: string | null;
  @ApiProperty({ type: String, nullable: true })
  name: string | null;
  @ApiProperty({ type: String, nullable: true })
  organisation: string | null;
  @ApiProperty({ type: String, nullable: true })
  externalId: string | null;
  /** Whether anything may be sent to any of the addresses. */
  mayWrite: boolean;
  /** "Can we write to them, and why not", in one sentence. */
  sentence: string;
  addresses: DeskAddress[];
  /** The newest, at most ten. */
  cases: CaseView[];
}

export class DeskFound {
  /** At most twenty. */
  items: DeskHit[];
  /** There are more people than these: ask for something narrower. */
  more: boolean;
}
