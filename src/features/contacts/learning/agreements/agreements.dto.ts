import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsObject,
  Matches,
  registerDecorator,
  ValidateIf,
} from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { isDay } from '../../../../domain/learning';
import { EXTERNAL_ID, MOST } from '../batch.dto';

/** A day as YYYY-MM-DD. */
const IsDay = () => (target: object, propertyName: string) =>
  registerDecorator({
    name: 'isDay',
    target: target.constructor,
    propertyName,
    validator: {
      validate: (value: unknown) => isDay(value),
      defaultMessage: () => `${propertyName} must be a day, as YYYY-MM-DD`,
    },
  });

const OrNull = () => ValidateIf((_, value) => value !== undefined && value !== null);

/** What a customer company has agreed with us; a day that is left out is not known yet. */
export class AgreementInput {
  /** External id of the organisation, as in PUT /api/v1/organisations. */
  @Matches(EXTERNAL_ID)
  organisation: string;

  @IsDay()
  @ApiProperty({ format: 'date' })
  startsOn: string;

  @OrNull()
  @IsDay()
  @ApiProperty({ type: String, format: 'date', required: false, nullable: true })
  endsOn?: string | null;

  /** When the last invoice was paid: count from the later of the two. */
  @OrNull()
  @IsDay()
  @ApiProperty({ type: String, format: 'date', required: false, nullable: true })
  finalPaymentOn?: string | null;
}

export class AgreementItem extends AgreementInput {
  @Matches(EXTERNAL_ID)
  externalId: string;
}

export class AgreementItems {
  /** At most 1 000, each as in PUT with its `externalId`; each is judged alone. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST)
  @IsObject({ each: true })
  items: object[];
}

export class AgreementView {
  externalId: string;
  @ApiProperty({ format: 'date' })
  startsOn: string;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  endsOn: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  finalPaymentOn: string | null;
}

export class OrganisationDetail {
  id: string;
  externalId: string | null;
  name: string;
  city: string | null;
  /** How many people belong to it. */
  contacts: number;
  /** The latest first. */
  agreements: AgreementView[];
}
