import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { fullName } from '../people/full-name';
import type { Answered } from './segment-data';

/** A few of them, by name: whether it is the people one thought of. */
export function Sample(props: { people: NonNullable<Answered['sample']>; all: number }) {
  const { people, all } = props;
  const { t } = useTranslation('segments');
  return (
    <div>
      <Text>{t(people.length < all ? 'sample.some' : 'sample.all')}</Text>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <Anchor component={Link} to={`/kontakter/${person.id}`}>
              {fullName(person) ?? t('sample.nameless')}
            </Anchor>
          </li>
        ))}
      </ul>
    </div>
  );
}
