import { IsBoolean, IsString, Length } from 'class-validator';
import { Optional } from '../../platform/http/validation';

/** A person's word that an incident has been dealt with. */
export class CloseIncidentInput {
  /** What was found and done, for whoever looks into it later; no names and no addresses. */
  @IsString()
  @Length(1, 1000)
  note: string;
  /** The fact stands and cannot be undone, and has been dealt with: it is not raised again. */
  @Optional()
  @IsBoolean()
  accept?: boolean;
}
