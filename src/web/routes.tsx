import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './frame/frame';
import { Stumbled } from './frame/stumbled';
import { Unknown } from './frame/unknown';

/** Every screen, loaded when it is first opened. Swedish addresses, as they are shared between people. */
const screens: RouteObject[] = [
  {
    index: true,
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
  {
    path: 'konto',
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
];

export const router = createBrowserRouter(
  [
    {
      Component: Frame,
      ErrorBoundary: Stumbled,
      HydrateFallback: () => null,
      children: [
        { ErrorBoundary: Stumbled, children: [...screens, { path: '*', Component: Unknown }] },
      ],
    },
  ],
  { basename: '/app' },
);
