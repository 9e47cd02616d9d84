import { Anchor, Badge, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer, Permission } from '../../api/client';
import { useSession } from '../../frame/session';

type Step = Answer<'FirstStep'>;

const WHERE: Record<Step['key'], { to: string; may: Permission }> = {
  sender: { to: '/installningar/avsandare', may: 'settings:write' },
  domain: { to: '/installningar/avsandare', may: 'settings:write' },
  topics: { to: '/installningar/amnen', may: 'topics:write' },
  people: { to: '/kontakter/import', may: 'imports:run' },
  campaign: { to: '/utskick', may: 'campaigns:write' },
};

/** The way of a new installation to its first campaign. */
export function FirstSteps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation('overview');
  const done = steps.filter((step) => step.done).length;
  return (
    <Card withBorder component="section" aria-labelledby="steps">
      <Stack>
        <div>
          <Title order={2} id="steps">
            {t('steps.title')}
          </Title>
          <Text c="dimmed">{t('steps.text', { done, all: steps.length })}</Text>
        </div>
        <List type="ordered" spacing="md" listStyleType="none" center>
          {steps.map((step) => (
            <List.Item
              key={step.key}
              icon={
                step.done ? (
                  <IconCircleCheck color="var(--mantine-color-green-5)" aria-hidden />
                ) : (
                  <IconCircle color="var(--mantine-color-dimmed)" aria-hidden />
                )
              }
            >
              <StepLine step={step} />
            </List.Item>
          ))}
        </List>
      </Stack>
    </Card>
  );
}

function StepLine({ step: { key, done } }: { step: Step }) {
  const { t } = useTranslation('overview');
  const { can } = useSession();
  const { to, may } = WHERE[key];
  return (
    <Group gap="sm">
      <div>
        <Text fw={600}>
          {t(`steps.${key}.name`)}{' '}
          <Badge variant="outline" color={done ? 'green' : 'gray'} tt="none">
            {t(done ? 'steps.done' : 'steps.left')}
          </Badge>
        </Text>
        <Text>{t(`steps.${key}.text`)}</Text>
      </div>
      {!done && can(may) && (
        <Anchor component={Link} to={to} aria-label={`${t('steps.go')}: ${t(`steps.${key}.name`)}`}>
          {t('steps.go')}
        </Anchor>
      )}
    </Group>
  );
}
