import { t, type Language } from '../../../platform/i18n/i18n';

/** Every word that stands at the yes to being seen following links: what the consent record points to (L-16). */
export function trackingWording(language: Language): string {
  return ['title', 'what', 'endWhat', 'yes']
    .map((key) => t(language, `registry:tracking.${key}`))
    .join('\n');
}
