export const CHANNELS = ['channels'] as const;
export const INCIDENTS = ['incidents'] as const;
