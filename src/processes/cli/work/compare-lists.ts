import { PROVIDER_LISTS } from '../../../features/channels/email/sendgrid/sendgrid-lists';
import { CompareLists } from '../../../features/feedback/provider-lists/compare-lists';
import { CliFault } from '../cli-fault';
import type { Session } from '../session';

export async function compareLists({ app, out }: Session): Promise<void> {
  const compare = app.get(CompareLists);
  if (!compare.possible)
    throw new CliFault('no_provider_lists', out.text('fault.no_provider_lists'));
  const bar = out.bar();
  const { items, outbox } = await compare.everything((list, entries) =>
    bar.update(
      PROVIDER_LISTS.indexOf(list) + 1,
      PROVIDER_LISTS.length,
      `${out.text(`lists.${list}`)}: ${out.number(entries)}`,
    ),
  );
  bar.end();
  const columns = ['listed', 'added', 'missingThere', 'allowedHere'] as const;
  out.table(
    [
      ['', ...columns.map((column) => out.text(`lists.${column}`))],
      ...items.map((item) => [
        out.text(`lists.${item.list}`),
        ...columns.map((column) => out.number(item[column])),
      ]),
    ],
    [1, 2, 3, 4],
  );
  if (outbox.waiting > 0) out.say('lists.outbox', { count: out.number(outbox.waiting) });
  if (items.some(({ missingThere, allowedHere }) => missingThere + allowedHere > 0))
    throw new CliFault('lists_differ', out.text('fault.lists_differ'));
}
