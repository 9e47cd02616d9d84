// What each command can be told, as commander hands it over.

export interface NewAdminOptions {
  email: string;
  name: string;
}

export interface ImportOptions {
  kind: 'company_contact' | 'learner' | 'newsletter_subscriber';
  source?: string;
  topic?: string;
  consentReference?: string;
  consentAt?: string;
  noticeAt?: string;
  attestedBy?: string;
  company?: string;
  attestedAt?: string;
  informedBy?: string;
  dryRun?: boolean;
}

export interface NewCampaignOptions {
  name: string;
  template: string;
  topic: string;
  subject?: string;
  sms?: boolean;
  everyone?: boolean;
  mailLanguage?: 'sv' | 'en';
}

export interface SendOptions {
  yes?: boolean;
  dryRun?: boolean;
}

export interface ReportOptions {
  people: number;
}

export interface VerifyOptions {
  database?: boolean;
  head?: string;
}

export interface OptOutOptions {
  channel?: 'email' | 'sms';
  topic?: string;
  door?: 'service_desk' | 'privacy_officer';
  reference?: string;
}

export interface ExplainOptions {
  channel?: 'email' | 'sms';
}

export interface DeskStopOptions {
  cameBy: string;
  words?: string;
  reference?: string;
}

export interface CloseIncidentOptions {
  note: string;
  accept?: boolean;
}
