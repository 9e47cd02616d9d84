export const FORMS = ['signup-forms'] as const;
