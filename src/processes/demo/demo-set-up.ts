import { Injectable } from '@nestjs/common';
import { StaffAccounts } from '../../features/accounts/staff.service';
import { Topics } from '../../features/registry/topics.service';
import { SignupForms } from '../../features/signups/forms/signup-forms.service';
import { Clock } from '../../platform/clock';
import { SYSTEM, type Actor } from '../../platform/http/actor';
import { permissionsOf, type Role } from '../../platform/http/permissions';
import type { DemoActors } from './demo-campaigns';
import type { DemoSettings, DemoTopic } from './demo-files';
import { DemoLearning } from './demo-learning';

/** What must be there before people come: log-ins, topics and a sign-up form. All may be called again. */
@Injectable()
export class DemoSetUp {
  constructor(
    private readonly accounts: StaffAccounts,
    private readonly topics: Topics,
    private readonly forms: SignupForms,
    private readonly clock: Clock,
    /** After the people. */
    readonly learning: DemoLearning,
  ) {}

  async staff({ staff, password }: DemoSettings): Promise<void> {
    await this.accounts.ensureDemoStaff(
      staff.map(({ email, name, role }) => ({ email, name, roles: [role], password })),
    );
  }

  /** Ids by key. */
  async topicIds(topics: readonly DemoTopic[]): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    const assessedAt = this.clock.now().toISOString().slice(0, 10);
    for (const topic of topics) {
      const known = await this.topics.byKey(topic.key);
      const { id } = known ?? (await this.topics.create({ ...topic, assessedAt }, SYSTEM));
      ids.set(topic.key, id);
    }
    return ids;
  }

  async form({ form }: DemoSettings, topicIds: ReadonlyMap<string, string>): Promise<void> {
    const made = await this.forms.list();
    if (made.some(({ key }) => key === form.key)) return;
    await this.forms.create({ ...form, topicIds: [...topicIds.values()] }, SYSTEM);
  }

  async actors(): Promise<DemoActors> {
    const staff = await this.accounts.list();
    const actor = (role: Role): Actor => {
      const found = staff.find(({ roles }) => roles.includes(role));
      if (!found) throw new Error(`demo: nobody is ${role}`);
      return { type: 'staff', id: found.id, permissions: permissionsOf(found.roles) };
    };
    return { marketer: actor('marketer'), approver: actor('approver') };
  }
}
