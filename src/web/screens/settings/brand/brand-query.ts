export const BRAND = ['brand'] as const;
