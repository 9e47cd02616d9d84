import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Columns } from './columns';
import { Ground } from './ground';
import { importKey, isMoving, type Detail } from './import-queries';
import { Progress } from './progress';
import { Steps, type StepName } from './steps';
import { Trial } from './trial';

/** Names of the steps in the address. */
const IN_ADDRESS: Record<string, StepName> = { grund: 'ground', prova: 'trial' };

/** One file: the steps before it is started, and what comes of it afterwards. */
export function OneImport() {
  const { t } = useTranslation('imports');
  const { id } = useParams() as { id: string };
  const found = useQuery({
    queryKey: importKey(id),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/imports/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? 2_000 : false),
  });
  return (
    <Page
      title={found.data?.fileName ?? t('one.title')}
      back={{ to: '/kontakter/import', name: t('title') }}
    >
      <Loaded query={found}>
        {(detail) =>
          detail.state === 'uploaded' ? <Prepared detail={detail} /> : <Progress detail={detail} />
        }
      </Loaded>
    </Page>
  );
}

function Prepared({ detail }: { detail: Detail }) {
  const [params, setParams] = useSearchParams();
  const step = IN_ADDRESS[params.get('steg') ?? ''] ?? 'columns';
  const go = (to: 'kolumner' | 'grund' | 'prova') => () => setParams({ steg: to });
  return (
    <>
      <Steps at={step} />
      {step === 'columns' && <Columns detail={detail} next={go('grund')} />}
      {step === 'ground' && <Ground detail={detail} back={go('kolumner')} next={go('prova')} />}
      {step === 'trial' && <Trial detail={detail} back={go('grund')} />}
    </>
  );
}
