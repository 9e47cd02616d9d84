export const TOPICS = ['topics'] as const;
