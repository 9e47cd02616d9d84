import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { useWhen, When } from '../../parts/when';
import { EditPerson } from './edit-person';
import classes from './person-facts.module.css';

/** What we know of the person, and where each address came from. */
export function PersonFacts({ contact }: { contact: Answer<'Contact'> }) {
  const { t } = useTranslation('people');
  const { can } = useSession();
  const when = useWhen();
  const [editing, edit] = useDisclosure();
  return (
    <Stack component="section" aria-labelledby="facts">
      <Group justify="space-between">
        <Title order={2} id="facts">
          {t('facts.title')}
        </Title>
        {can('contacts:write') && (
          <Button variant="default" onClick={edit.open}>
            {t('facts.edit')}
          </Button>
        )}
      </Group>
      <dl className={classes.facts}>
        {contact.addresses.map(({ id, channel, value, source, collectedAt }) => (
          <Fact key={id} name={t(`channel.${channel}`)}>
            {value}
            <Text c="dimmed" fz="sm">
              {t(`source.${source}`)}, <When at={collectedAt} form="day" />
            </Text>
          </Fact>
        ))}
        <Fact name={t('facts.language')}>{t(`language.${contact.language}`)}</Fact>
        {contact.organisation && (
          <Fact name={t('facts.organisation')}>{contact.organisation.name}</Fact>
        )}
        {contact.employer && <Fact name={t('facts.employer')}>{contact.employer.name}</Fact>}
        {contact.agreements.length > 0 && (
          <Fact name={t('facts.agreements')}>
            {contact.agreements.map(({ externalId, startsOn, endsOn }) => (
              <Text key={externalId}>
                {t(endsOn ? 'facts.agreedUntil' : 'facts.agreedFrom', {
                  from: when(startsOn, 'day'),
                  until: endsOn && when(endsOn, 'day'),
                })}
              </Text>
            ))}
          </Fact>
        )}
        {contact.title && <Fact name={t('facts.jobTitle')}>{contact.title}</Fact>}
        {contact.city && <Fact name={t('facts.city')}>{contact.city}</Fact>}
        {contact.externalId && <Fact name={t('facts.externalId')}>{contact.externalId}</Fact>}
        <Fact name={t('facts.notice')}>
          {contact.noticeAt ? (
            <>
              <When at={contact.noticeAt} form="day" /> ({contact.noticeVersion})
            </>
          ) : (
            t('facts.noNotice')
          )}
        </Fact>
        <Fact name={t('facts.since')}>
          <When at={contact.createdAt} form="day" />
        </Fact>
      </dl>
      {editing && <EditPerson contact={contact} close={edit.close} />}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
