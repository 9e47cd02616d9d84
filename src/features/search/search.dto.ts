import { IsString, Length } from 'class-validator';
import type { Channel } from '../../domain/address';

export class SearchInput {
  /** Beginning of a name, a whole address, or words in the name of a campaign or template. */
  @IsString()
  @Length(2, 200)
  text: string;
}

export class FoundContact {
  id: string;
  name: string | null;
  email: string | null;
  organisation: string | null;
}

export class FoundCampaign {
  id: string;
  name: string;
  channel: Channel;
  state: string;
}

export class FoundTemplate {
  key: string;
  nameSv: string;
  nameEn: string;
  channel: Channel;
}

/** At most five of each kind; null for what the caller may not read. */
export class Found {
  contacts: FoundContact[] | null;
  campaigns: FoundCampaign[] | null;
  templates: FoundTemplate[] | null;
}
