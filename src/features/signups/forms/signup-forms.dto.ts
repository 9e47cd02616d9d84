import { PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { Optional } from '../../../platform/http/validation';

export const FORM_KEY = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/;

/** A form as it is stored. */
export class SignupFormFields {
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  nameSv: string;
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  nameEn: string;
  @Optional()
  @IsString()
  @MaxLength(1_000)
  introSv?: string;
  @Optional()
  @IsString()
  @MaxLength(1_000)
  introEn?: string;
  /** What the person agrees to, in plain words; left out: the standard sentence. */
  @Optional()
  @IsString()
  @MinLength(20)
  @MaxLength(1_000)
  consentSv?: string;
  @Optional()
  @IsString()
  @MinLength(20)
  @MaxLength(1_000)
  consentEn?: string;
  /** Topics a person may choose from. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @IsUUID('all', { each: true })
  topicIds: string[];
  /** Ask, too, whether we may see which links the person follows; not unless it is said. */
  @Optional()
  @IsBoolean()
  asksTracking?: boolean;
}

export class SignupFormInput extends SignupFormFields {
  /** Part of the form's address: /signup/{key}. */
  @Matches(FORM_KEY, {
    message: 'key must be lower-case letters, digits and hyphens, at most 50',
  })
  key: string;
}

export class SignupFormChange extends PartialType(SignupFormFields) {
  /** A closed form takes no sign-ups; what was confirmed stays, and links already sent still work. */
  @Optional()
  @IsBoolean()
  closed?: boolean;
}

/** HTML to paste into another site, one per language; make it anew after changing the form. */
export class EmbedCode {
  sv: string;
  en: string;
}

export class SignupForm {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
  introSv: string;
  introEn: string;
  consentSv: string;
  consentEn: string;
  topicIds: string[];
  asksTracking: boolean;
  createdAt: Date;
  closedAt: Date | null;
}

export class SignupFormWithCode extends SignupForm {
  /** Where the form is. */
  url: string;
  embed: EmbedCode;
}

export class SignupFormList {
  items: SignupForm[];
}
