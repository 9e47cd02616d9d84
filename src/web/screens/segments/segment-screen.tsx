import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { useSession } from '../../frame/session';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { Page } from '../../parts/page';
import { attributesQuery } from './builder/fields';
import { EXAMPLES, type ExampleName } from './examples';
import { segmentQuery, type Segment } from './segment-data';
import { ShownSegment } from './shown-segment';
import { WrittenSegment } from './written-segment';

/** A question that is not saved yet; `?fran=` begins with an example. */
export function NewSegment() {
  const { t } = useTranslation('segments');
  const { can } = useSession();
  const [search] = useSearchParams();
  const name = search.get('fran') ?? '';
  const example = name in EXAMPLES && name !== 'blank' ? (name as ExampleName) : null;
  return (
    <Page title={t('new.title')} back={{ to: '/malgrupper', name: t('list.title') }}>
      {can('campaigns:write') ? (
        <Writing
          key={name}
          segment={null}
          start={{
            name: example ? t(`example.${example}`) : '',
            tree: EXAMPLES[example ?? 'blank'],
          }}
        />
      ) : (
        <Nothing title={t('new.notYours')} />
      )}
    </Page>
  );
}

/** One saved question: who is in it, why, and since when. */
export function OneSegment() {
  const { id = '' } = useParams();
  const { t } = useTranslation('segments');
  const { can } = useSession();
  const query = useQuery(segmentQuery(id));
  return (
    <Page title={query.data?.name ?? t('one')} back={{ to: '/malgrupper', name: t('list.title') }}>
      <Loaded query={query}>
        {(segment) =>
          can('campaigns:write') && segment.archivedAt === null ? (
            <Writing key={id} segment={segment} start={segment} />
          ) : (
            <ShownSegment segment={segment} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Writing(props: { segment: Segment | null; start: Pick<Segment, 'name' | 'tree'> }) {
  const attributes = useQuery(attributesQuery);
  return (
    <Loaded query={attributes}>
      {({ items }) => <WrittenSegment {...props} attributes={items} />}
    </Loaded>
  );
}
