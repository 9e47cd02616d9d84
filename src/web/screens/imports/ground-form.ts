import { POLICY_VERSION } from '../../../domain/policy';
import type { Answer } from '../../api/client';
import type { Detail, Settings } from './import-queries';

/** The third step as a form: what is not claimed is not sent. */
export interface GroundForm {
  topics: string[];
  consent: Omit<Answer<'ConsentInput'>, 'channels'> & { claimed: boolean; channels: string[] };
  notice: { claimed: boolean; at: string };
  attestation: Omit<Answer<'AttestationInput'>, 'policyVersion'> & { claimed: boolean };
}

const day = (at: string | undefined): string => at?.slice(0, 10) ?? '';

export function fromDetail({ topics, consent, notice, attestation }: Detail): GroundForm {
  return {
    topics,
    consent: {
      claimed: consent !== null,
      channels: consent?.channels ?? ['email'],
      reference: consent?.reference ?? '',
      collectedAt: day(consent?.collectedAt),
    },
    notice: { claimed: notice !== null, at: day(notice?.at) },
    attestation: {
      claimed: attestation !== null,
      company: attestation?.company ?? '',
      attestedBy: attestation?.attestedBy ?? '',
      channel: attestation?.channel ?? '',
      at: day(attestation?.at),
    },
  };
}

/** People are told, and attested to have been told, under the policy in force. */
export function toSettings(form: GroundForm, kind: Detail['kind']): Settings {
  const { claimed: hasConsent, channels, ...consent } = form.consent;
  const { claimed: hasNotice, at } = form.notice;
  const { claimed: hasAttestation, ...attestation } = form.attestation;
  return {
    topics: form.topics,
    consent: hasConsent ? { ...consent, channels: channels as ('email' | 'sms')[] } : null,
    notice: hasNotice && kind === 'company_contact' ? { version: POLICY_VERSION, at } : null,
    attestation:
      hasAttestation && kind === 'learner'
        ? { ...attestation, policyVersion: POLICY_VERSION }
        : null,
  };
}
