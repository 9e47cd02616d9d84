import { ActionIcon, Button, Group, NativeSelect, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { NETWORKS, type Block } from '../../../../domain/blocks/block';
import { Address } from './line-fields';

type Social = Extract<Block, { type: 'social' }>;

/** One address for each network. */
export function SocialFields({
  block,
  onChange,
}: {
  block: Social;
  onChange: (block: Social, about: string) => void;
}) {
  const { t } = useTranslation('content');
  const { links } = block;
  const put = (index: number, change: Partial<(typeof links)[number]>, about: string) =>
    onChange(
      { ...block, links: links.map((link, n) => (n === index ? { ...link, ...change } : link)) },
      `${about}${index}`,
    );
  return (
    <Stack>
      {links.map((link, index) => (
        <Group key={index} align="end" gap="xs" wrap="nowrap">
          <NativeSelect
            label={t('field.network')}
            w="8.5rem"
            value={link.network}
            data={NETWORKS.map((value) => ({ value, label: t(`network.${value}`) }))}
            onChange={({ currentTarget }) =>
              put(index, { network: currentTarget.value as (typeof NETWORKS)[number] }, 'network')
            }
          />
          <Address
            flex
            label={t('field.address')}
            value={link.url}
            onChange={(url) => put(index, { url }, 'url')}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={t('field.removeNetwork', { network: t(`network.${link.network}`) })}
            onClick={() =>
              onChange({ ...block, links: links.filter((_, n) => n !== index) }, 'links')
            }
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {links.length < NETWORKS.length && (
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            const used = links.map(({ network }) => network);
            const network = NETWORKS.find((one) => !used.includes(one)) ?? 'linkedin';
            onChange({ ...block, links: [...links, { network, url: '' }] }, 'links');
          }}
        >
          {t('field.addNetwork')}
        </Button>
      )}
    </Stack>
  );
}
