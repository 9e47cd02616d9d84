/** A name as part of an address: "Kurstips för chefer" → "kurstips-for-chefer". */
export function slug(name: string, most: number): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, most)
    .replace(/^-+|-+$/g, '');
}
