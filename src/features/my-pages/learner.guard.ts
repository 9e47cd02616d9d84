import {
  applyDecorators,
  type CanActivate,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Unauthorized } from '../../platform/errors';
import { LEARNER } from '../../platform/http/access';

/** Lets through who is logged in to Mina sidor. */
@Injectable()
export class LearnerGuard implements CanActivate {
  canActivate(): never {
    throw new Unauthorized('not_signed_in');
  }
}

/** Only for somebody logged in to Mina sidor; what staff or an API key may do counts for nothing here. */
export const LearnerOnly = () =>
  applyDecorators(SetMetadata(LEARNER, true), UseGuards(LearnerGuard));
