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
    path: 'kontakter',
    lazy: async () => ({ Component: (await import('./screens/people/people')).People }),
  },
  {
    path: 'kontakter/import',
    lazy: async () => ({ Component: (await import('./screens/imports/imports')).Imports }),
  },
  {
    path: 'kontakter/import/ny',
    lazy: async () => ({ Component: (await import('./screens/imports/new-import')).NewImport }),
  },
  {
    path: 'kontakter/import/:id',
    lazy: async () => ({ Component: (await import('./screens/imports/one-import')).OneImport }),
  },
  {
    path: 'kontakter/:id',
    lazy: async () => ({ Component: (await import('./screens/people/person')).Person }),
  },
  {
    path: 'kundtjanst',
    lazy: async () => ({ Component: (await import('./screens/desk/desk')).Desk }),
  },
  {
    path: 'kundtjanst/svar',
    lazy: async () => ({ Component: (await import('./screens/desk/replies')).Replies }),
  },
  {
    path: 'kundtjanst/arenden',
    lazy: async () => ({ Component: (await import('./screens/desk/cases')).Cases }),
  },
  {
    path: 'kundtjanst/arenden/:id',
    lazy: async () => ({ Component: (await import('./screens/desk/case')).OneCase }),
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
