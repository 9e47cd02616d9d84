import fc from 'fast-check';
import {
  ChainCheck,
  type ChainEntry,
  chainHash,
  type ChainHead,
  type ChainLink,
  GENESIS,
} from './chain';

const entry = (seq: number, evidence: unknown = {}): Omit<ChainEntry, 'position'> => ({
  seq,
  id: `id-${seq}`,
  at: '2026-01-02T03:04:05.678Z',
  kind: 'opt_out',
  channel: null,
  addressKey: 'ab'.repeat(32),
  keyVersion: 1,
  contactId: null,
  scope: 'all',
  topicId: null,
  ground: null,
  door: 'link',
  detail: 'one_click',
  method: null,
  actorType: 'recipient',
  actorId: null,
  messageId: null,
  campaignId: null,
  wordingVersion: null,
  policyVersion: '2018-04-05',
  evidence,
});

function seal(head: ChainHead, one: Omit<ChainEntry, 'position'>): ChainLink {
  const placed: ChainEntry = { ...one, position: head.position + 1 };
  return { ...placed, prevHash: head.hash, hash: chainHash(head.hash, placed) };
}

function chain(length: number): ChainLink[] {
  let head: ChainHead = GENESIS;
  return Array.from({ length }, (_, i) => (head = seal(head, entry(i + 1))));
}

function faultsOf(links: ChainLink[], expected?: { position: number; hash: string }): string[] {
  const check = new ChainCheck(expected);
  for (const link of links) check.add(link);
  check.end();
  return check.faults.map(({ code }) => code);
}

describe('the hash chain', () => {
  it('does not depend on the order of keys, which jsonb does not keep', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (evidence) => {
        const reversed = Object.fromEntries(Object.entries(evidence).reverse());
        const placed = (value: unknown) => ({ ...entry(1, value), position: 1 });
        expect(chainHash(GENESIS.hash, placed(reversed))).toBe(
          chainHash(GENESIS.hash, placed(evidence)),
        );
      }),
    );
  });

  it('stays the same between versions: an export from today must verify in years', () => {
    expect(seal(GENESIS, entry(1, { b: 1, a: ['å', null] })).hash).toBe(
      '59345381bfb75f4654ea395c916c0d65012f636eee18c3dd4214a596b41f31bf',
    );
  });

  it('finds every single deletion, change, swap, insertion and cut', () => {
    const links = chain(8);
    const head = links.at(-1)!;
    expect(faultsOf(links, head)).toEqual([]);
    fc.assert(
      fc.property(
        fc.constantFrom('delete', 'alter', 'swap', 'insert', 'cut', 'repeat'),
        fc.nat(6),
        fc.nat(6),
        (how, at, other) => {
          const forged = [...links];
          if (how === 'delete') forged.splice(at, 1);
          if (how === 'alter') forged[at] = { ...forged[at]!, scope: 'topic' };
          if (how === 'swap') [forged[at], forged[at + 1]] = [forged[at + 1]!, forged[at]!];
          if (how === 'insert') {
            forged.splice(at, 0, seal(at ? links[at - 1]! : GENESIS, entry(99)));
          }
          if (how === 'cut') forged.length = at;
          if (how === 'repeat') forged.splice(at, 0, links[other]!);
          expect(faultsOf(forged, head)).not.toEqual([]);
        },
      ),
    );
  });

  it('cannot see a cut without a head that was kept elsewhere', () => {
    expect(faultsOf(chain(8).slice(0, 5))).toEqual([]);
    expect(faultsOf(chain(8).slice(0, 5), chain(8)[7])).toEqual(['truncated']);
  });
});
