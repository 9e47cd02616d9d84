import {
  Button,
  Checkbox,
  FileButton,
  Group,
  Image,
  Modal,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Picture } from '../../../../domain/blocks/block';
import { answer, api, type Answer } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { Nothing } from '../../../parts/nothing';
import { ProblemNote } from '../../../parts/problem-note';
import { useSession } from '../../../frame/session';

const ASSETS = ['assets'] as const;

/** Chooses or uploads a picture, and asks what it shows. */
export function PictureField(props: {
  value: Picture;
  onChange: (picture: Picture, about: string) => void;
}) {
  const { value, onChange } = props;
  const { t } = useTranslation('content');
  const { can } = useSession();
  const upload = useUpload(({ url }) => onChange({ ...value, src: url }, 'src'));
  const [open, gallery] = useDisclosure();
  return (
    <Stack gap="xs">
      {value.src && (
        <Image src={value.src} alt="" mah={140} fit="contain" radius="sm" w="auto" maw="100%" />
      )}
      <Group gap="xs">
        {can('templates:write') && (
          <FileButton
            accept="image/png,image/jpeg,image/gif,image/webp"
            onChange={(file) => file && upload.mutate(file)}
          >
            {(button) => (
              <Button {...button} variant="default" size="xs" loading={upload.isPending}>
                {t('picture.upload')}
              </Button>
            )}
          </FileButton>
        )}
        <Button variant="default" size="xs" onClick={gallery.open}>
          {t('picture.choose')}
        </Button>
      </Group>
      {upload.isError && <ProblemNote error={upload.error} />}
      <TextInput
        label={t('picture.alt')}
        description={t('picture.altHint')}
        value={value.alt}
        maxLength={300}
        disabled={value.decorative === true}
        onChange={({ currentTarget }) => onChange({ ...value, alt: currentTarget.value }, 'alt')}
      />
      <Checkbox
        label={t('picture.decorative')}
        checked={value.decorative === true}
        onChange={({ currentTarget }) =>
          onChange({ ...value, decorative: currentTarget.checked }, 'decorative')
        }
      />
      <Modal
        opened={open}
        onClose={gallery.close}
        title={t('picture.gallery')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <Gallery
          choose={(asset) => {
            onChange({ ...value, src: asset.url }, 'src');
            gallery.close();
          }}
        />
      </Modal>
    </Stack>
  );
}

function useUpload(done: (asset: Answer<'AssetView'>) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set('file', file);
      return answer(
        api.POST('/api/v1/assets', {
          body: form as never,
          bodySerializer: (body) => body as never,
        }),
      );
    },
    onSuccess: (asset) => {
      done(asset);
      return queries.invalidateQueries({ queryKey: ASSETS });
    },
  });
}

function Gallery({ choose }: { choose: (asset: Answer<'AssetView'>) => void }) {
  const { t } = useTranslation('content');
  const assets = useQuery({
    queryKey: ASSETS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/assets', { signal })),
  });
  return (
    <Loaded query={assets}>
      {(found) =>
        found.length === 0 ? (
          <Nothing title={t('picture.none')} text={t('picture.noneHint')} />
        ) : (
          <SimpleGrid cols={{ base: 2, xs: 3 }}>
            {found.map((asset) => (
              <UnstyledButton key={asset.hash} onClick={() => choose(asset)}>
                <Image src={asset.url} alt="" h={110} fit="contain" />
                <Text fz="sm" lineClamp={1}>
                  {asset.name}
                </Text>
              </UnstyledButton>
            ))}
          </SimpleGrid>
        )
      }
    </Loaded>
  );
}
