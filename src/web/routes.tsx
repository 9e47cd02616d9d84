import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './frame/frame';
import { Stumbled } from './frame/stumbled';
import { Unknown } from './frame/unknown';

const SETTINGS: RouteObject[] = [
  {
    path: 'avsandare',
    lazy: async () => ({ Component: (await import('./screens/settings/senders/senders')).Senders }),
  },
  {
    path: 'amnen',
    lazy: async () => ({ Component: (await import('./screens/settings/topics/topics')).Topics }),
  },
  {
    path: 'formular',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-forms')).SignupForms,
    }),
  },
  {
    path: 'formular/nytt',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-form')).NewSignupForm,
    }),
  },
  {
    path: 'formular/:id',
    lazy: async () => ({
      Component: (await import('./screens/settings/signup-forms/signup-form')).SignupForm,
    }),
  },
  {
    path: 'varumarke',
    lazy: async () => ({ Component: (await import('./screens/settings/brand/brand')).Brand }),
  },
  {
    path: 'anvandare',
    lazy: async () => ({ Component: (await import('./screens/settings/people/people')).People }),
  },
  {
    path: 'api-nycklar',
    lazy: async () => ({
      Component: (await import('./screens/settings/api-keys/api-keys')).ApiKeys,
    }),
  },
  {
    path: 'mottagare',
    lazy: async () => ({
      Component: (await import('./screens/settings/endpoints/endpoints')).Endpoints,
    }),
  },
  {
    path: 'webhooks',
    lazy: async () => ({
      Component: (await import('./screens/settings/operations/webhooks')).Webhooks,
    }),
  },
  {
    path: 'drift',
    lazy: async () => ({
      Component: (await import('./screens/settings/operations/operations')).Operations,
    }),
  },
];

/** Every screen, loaded when it is first opened. Swedish addresses, as they are shared between people. */
const screens: RouteObject[] = [
  {
    index: true,
    lazy: async () => ({ Component: (await import('./screens/overview/overview')).Overview }),
  },
  {
    path: 'utskick/:id/rapport',
    lazy: async () => ({ Component: (await import('./screens/report/report')).Report }),
  },
  {
    path: 'utskick',
    lazy: async () => ({
      Component: (await import('./screens/campaigns/campaigns')).Campaigns,
    }),
  },
  {
    path: 'utskick/:id',
    lazy: async () => ({
      Component: (await import('./screens/campaigns/campaign')).CampaignPage,
    }),
  },
  {
    path: 'utskick/:id/granska',
    lazy: async () => ({ Component: (await import('./screens/campaigns/review')).Review }),
  },
  {
    path: 'malgrupper',
    lazy: async () => ({ Component: (await import('./screens/segments/segments')).Segments }),
  },
  {
    path: 'malgrupper/trender',
    lazy: async () => ({ Component: (await import('./screens/segments/trends')).Trends }),
  },
  {
    path: 'malgrupper/ny',
    lazy: async () => ({
      Component: (await import('./screens/segments/segment-screen')).NewSegment,
    }),
  },
  {
    path: 'malgrupper/:id',
    lazy: async () => ({
      Component: (await import('./screens/segments/segment-screen')).OneSegment,
    }),
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
    path: 'mallar',
    lazy: async () => ({
      Component: (await import('./screens/content/templates-screen')).TemplatesScreen,
    }),
  },
  {
    path: 'mallar/:key',
    lazy: async () => ({
      Component: (await import('./screens/content/template-screen')).TemplateScreen,
    }),
  },
  {
    path: 'utskick/:id/innehall',
    lazy: async () => ({
      Component: (await import('./screens/content/campaign-content-screen')).CampaignContentScreen,
    }),
  },
  {
    path: 'konto',
    lazy: async () => ({ Component: (await import('./screens/account/account')).Account }),
  },
  {
    path: 'installningar',
    lazy: async () => ({ Component: (await import('./screens/settings/settings')).Settings }),
    children: SETTINGS,
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
