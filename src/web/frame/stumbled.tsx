import { Container } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ProblemNote } from '../parts/problem-note';

/** A screen that failed to show; the menu around it goes on working. */
export function Stumbled() {
  const error = useRouteError();
  return (
    <Container py="xl">
      <ProblemNote error={error} retry={() => location.reload()} />
    </Container>
  );
}
