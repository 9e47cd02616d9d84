/** A way in which data about people is written: what a contract test needs to know of it. */
export interface Door {
  /** Writes the person, as eagerly as the door can: overwriting, active, consenting. */
  write(person: { email: string; phone?: string; firstName: string }): Promise<void>;
  /** Records a no to everything for an address, as a person does who is not logged in. */
  optOut(address: string): Promise<void>;
  /** Everything the ledger holds. */
  ledger(): Promise<{ kind: string }[]>;
  /** The gate row of an address. */
  gate(address: string): Promise<{ allowed: string[]; no_all: boolean } | undefined>;
}

/**
 * What every door that writes people must hold (F-41): an opted-out address stays opted out. Call it inside a
 * `describe`; `open` is called before the first test, with the rooms the door needs already started.
 */
export function staysOptedOut(name: string, open: () => Door): void {
  describe(`an opted-out address stays opted out: ${name} (F-41)`, () => {
    const slug = name.replace(/\W+/g, '-').toLowerCase();
    const said = (n: number) => `nej.${slug}.${n}@example.com`;
    const yeses = async (door: Door) =>
      (await door.ledger()).filter(({ kind }) => kind === 'grant').length;

    it('when nobody knew the person (D-03)', async () => {
      const door = open();
      await door.optOut(said(1));
      const before = await door.ledger();
      await door.write({ email: said(1), firstName: 'Nej' });
      expect(await door.ledger()).toHaveLength(before.length);
      expect(await door.gate(said(1))).toMatchObject({ no_all: true, allowed: [] });
    });

    it('when the person was known, however often they are written again (F-40, F-42)', async () => {
      const door = open();
      await door.write({ email: said(2), firstName: 'Nej' });
      await door.optOut(said(2));
      const before = await door.ledger();
      for (let n = 0; n < 5; n++) await door.write({ email: said(2), firstName: `Nej ${n}` });
      expect(await door.ledger()).toHaveLength(before.length);
      expect(await door.gate(said(2))).toMatchObject({ no_all: true, allowed: [] });
    });

    it('in any spelling (F-50, L-32)', async () => {
      const door = open();
      await door.optOut(`a\u030Asa.${slug}@RÄKSMÖRGÅS.example`);
      const before = await yeses(door);
      await door.write({ email: `ÅSA.${slug}@xn--rksmrgs-5wao1o.example`, firstName: 'Åsa' });
      await door.write({ email: ` åsa.${slug}@räksmörgås.EXAMPLE `, firstName: 'Åsa' });
      expect(await yeses(door)).toBe(before);
      expect(await door.gate(`åsa.${slug}@räksmörgås.example`)).toMatchObject({
        no_all: true,
        allowed: [],
      });
    });

    it('with a plus in it (F-17)', async () => {
      const door = open();
      await door.optOut(`nej+${slug}@example.com`);
      await door.write({ email: `nej+${slug}@example.com`, firstName: 'Nej' });
      expect(await door.gate(`nej+${slug}@example.com`)).toMatchObject({
        no_all: true,
        allowed: [],
      });
    });
  });
}
