import { CreateAdmin } from '../../../features/accounts/create-admin';
import type { NewAdminOptions } from '../options';
import type { Session } from '../session';

export async function createAdmin({ app, out }: Session, options: NewAdminOptions): Promise<void> {
  const { email, password } = await app.get(CreateAdmin).run(options);
  out.say('admin.made', { email });
  out.say('admin.password', { password });
}
