import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { FrozenContent } from './compile';
import { findContentVersion } from './content.queries';
import { joinPieces, parseHoles, renderHoles, type Holes } from './holes';
import { htmlLiquid, textLiquid } from './liquid';
import { onOneLine } from './lint/text-lint';
import type { MergeScope } from './merge-fields';

/** What differs between recipients. */
export interface RenderedHoles {
  /** The whole subject, on one line. */
  subject: string;
  htmlHoles: string[];
  textHoles: string[];
}

/** A content version ready to render for any number of recipients. */
export interface OpenContent {
  readonly language: 'sv' | 'en';
  /** Part of the provider's substitution keys. */
  readonly nonce: string;
  /** Its links can tell whose message they stand in. */
  readonly tracks: boolean;
  readonly htmlPieces: readonly string[];
  readonly textPieces: readonly string[];
  /** Throws Unrenderable rather than make a mail without its own way out. */
  renderFor(scope: MergeScope): RenderedHoles;
  html(htmlHoles: readonly string[]): string;
  text(textHoles: readonly string[]): string;
}

/** The content or the recipient's values cannot make a mail that may be sent. */
export class Unrenderable extends Error {}

const OPT_OUT = '{{ links.unsubscribe }}';
/** Stands at the end of a link that may tell whose message it stands in. */
export const CLICKS = '{{ clicks }}';
const KEPT_OPEN = 32;

/** The one renderer: sending, test mail, view in browser and archive all come here. */
@Injectable()
export class ContentRenderer {
  private readonly opened = new Map<string, Promise<OpenContent>>();

  constructor(private readonly db: Database) {}

  /** Reads and parses a version once per process; versions never change, so the parsed form stays true. */
  open(contentVersionId: string): Promise<OpenContent> {
    const known = this.opened.get(contentVersionId);
    this.opened.delete(contentVersionId);
    const open = known ?? this.read(contentVersionId);
    this.opened.set(contentVersionId, open);
    if (this.opened.size > KEPT_OPEN) this.opened.delete(this.opened.keys().next().value!);
    return open;
  }

  private async read(id: string): Promise<OpenContent> {
    try {
      const content = await findContentVersion(this.db, id);
      if (!content) throw new NotFound('content_version_not_found');
      return openContent(content);
    } catch (cause) {
      this.opened.delete(id);
      throw cause;
    }
  }
}

/** Parses content into what everybody gets and what differs. */
export function openContent(content: FrozenContent): OpenContent {
  const subject = parseHoles(textLiquid, content.subject);
  const html = parseHoles(htmlLiquid, content.html);
  const text = parseHoles(textLiquid, content.text);
  // P-16: whatever else happened to the content, the recipient's own way out is in every part.
  for (const part of content.channel === 'email' ? [html, text] : [text]) {
    if (!part.holes.some(({ source }) => source.includes(OPT_OUT))) {
      throw new Unrenderable('The content has no opt-out link');
    }
  }
  const render = (scope: MergeScope): RenderedHoles => ({
    subject: onOneLine(joinPieces(subject.pieces, renderHoles(subject, scope))),
    htmlHoles: withOptOut(html, renderHoles(html, scope), scope, content.channel === 'email'),
    textHoles: withOptOut(text, renderHoles(text, scope), scope, true),
  });
  return {
    language: content.language,
    nonce: content.nonce,
    tracks: [...html.holes, ...text.holes].some(({ source }) => source.includes(CLICKS)),
    htmlPieces: html.pieces,
    textPieces: text.pieces,
    renderFor(scope) {
      assertComplete(scope);
      try {
        return render(scope);
      } catch (cause) {
        if (cause instanceof Unrenderable) throw cause;
        // Liquid's time limit runs on the wall clock: a paused process would blame an innocent mail.
        return render(scope);
      }
    },
    html: (holes) => joinPieces(html.pieces, holes),
    text: (holes) => joinPieces(text.pieces, holes),
  };
}

function assertComplete(scope: MergeScope): void {
  let name: keyof MergeScope['links'];
  for (name in scope.links) {
    if (!/^https?:\/\/[^\s<>"'{}]+$/.test(scope.links[name]))
      throw new Unrenderable(`No usable links.${name}`);
  }
  if (scope.reason.trim() === '') throw new Unrenderable('No reason');
}

/** P-16: the rendered output must hold this recipient's own address for saying no. */
function withOptOut(part: Holes, holes: string[], scope: MergeScope, needed: boolean): string[] {
  if (!needed) return holes;
  const url = scope.links.unsubscribe.replaceAll('&', '&amp;');
  const found = holes.some(
    (hole, index) =>
      part.holes[index]!.source.includes(OPT_OUT) &&
      (hole.includes(url) || hole.includes(scope.links.unsubscribe)),
  );
  if (!found) throw new Unrenderable('The opt-out link did not survive rendering');
  return holes;
}
