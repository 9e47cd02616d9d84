import { Injectable } from '@nestjs/common';
import { OPERATOR } from '../../platform/http/actor';
import { validationPipe } from '../../platform/http/validation';
import { StaffInput, type NewStaff } from './accounts.dto';
import { StaffAccounts } from './staff.service';

/** A log-in for whoever has the server's keyboard: the first one, and the way back in. */
@Injectable()
export class CreateAdmin {
  constructor(private readonly staff: StaffAccounts) {}

  /** The password is in the answer and nowhere else. */
  async run(person: { email: string; name: string }): Promise<NewStaff> {
    const fields = { ...person, roles: ['admin'] };
    const input = await validationPipe().transform(fields, { type: 'body', metatype: StaffInput });
    return this.staff.create(input as StaffInput, OPERATOR);
  }
}
