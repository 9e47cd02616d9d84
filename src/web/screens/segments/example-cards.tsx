import { Button, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EXAMPLES } from './examples';

/** Questions to begin with, each one click from the builder. */
export function Examples() {
  const { t } = useTranslation('segments');
  const names = Object.keys(EXAMPLES).filter((name) => name !== 'blank');
  return (
    <SimpleGrid component="ul" cols={{ base: 1, sm: 2, md: 3 }} p={0} mt="md" ta="start">
      {names.map((example) => {
        const name = t(`example.${example}`);
        return (
          <Paper component="li" key={example} withBorder p="md" style={{ listStyle: 'none' }}>
            <Stack gap="xs" align="flex-start" h="100%">
              <Text fw={600} flex={1}>
                {name}
              </Text>
              <Button
                component={Link}
                to={`/malgrupper/ny?fran=${example}`}
                variant="default"
                aria-label={t('example.useNamed', { name })}
              >
                {t('example.use')}
              </Button>
            </Stack>
          </Paper>
        );
      })}
    </SimpleGrid>
  );
}
