import { createHash } from 'node:crypto';
import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Response } from 'express';
import type { Brand, Logo } from '../config/brand';
import { t, type Language } from '../i18n/i18n';
import { coloursOf, styleFor } from './page-style';

/** In the markup: the colours of the house, if it has some of its own. */
const STYLE = /<style>(.*?)<\/style>/;

/** Public pages run no script, load nothing and may post only to us. */
const securityPolicy = (styleHash: string) =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self' data:; frame-src 'self'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface Controller {
  name: string;
  address: string;
  email: string;
  phone: string;
  brand: Brand;
}

export interface PageProps {
  language: Language;
  title: string;
  controller: Controller;
  /** Same page in the other language; a query such as `?lang=en`. */
  languageLink?: string;
  wide?: boolean;
  children: ReactNode;
}

/** The frame of every public page. */
export function Page(props: PageProps): ReactElement {
  const { language, controller } = props;
  const { brand } = controller;
  const name = brand.name ?? controller.name;
  const other: Language = language === 'sv' ? 'en' : 'sv';
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {/* Or every browser would ask for /favicon.ico. */}
        <link rel="icon" href="data:," />
        <title>{`${props.title} – ${name}`}</title>
        {/* sendPage knows what the page needs of it. */}
        <style>{coloursOf(brand.colour)}</style>
      </head>
      <body className={props.wide ? 'wide' : undefined}>
        <header className="top">
          {brand.logo ? (
            <img src={brand.logo.path} alt={name} {...sizeOf(brand.logo)} />
          ) : (
            <span className="brand">{name}</span>
          )}
          {props.languageLink && (
            <a href={props.languageLink} lang={other} hrefLang={other}>
              {t(language, 'platform:otherLanguage')}
            </a>
          )}
        </header>
        <main>{props.children}</main>
        <footer>
          {brand.footer && <p>{brand.footer}</p>}
          <p>
            {t(language, 'platform:footer.controller', {
              name: controller.name,
              address: controller.address,
            })}
          </p>
          <p>
            {t(language, 'platform:footer.contact')} <ContactLinks controller={controller} />
          </p>
        </footer>
      </body>
    </html>
  );
}

const sizeOf = ({ width, height }: Logo) => ({ width, height });

/** Where people answer: every page that may fail someone ends in it. */
export function ContactLinks({ controller }: { controller: Controller }): ReactElement {
  const { email, phone } = controller;
  return (
    <>
      <a href={`mailto:${email}`}>{email}</a> ·{' '}
      <a href={`tel:${phone.replace(/[^\d+]/g, '')}`} className="nowrap">
        {phone}
      </a>
    </>
  );
}

/**
 * Sends a public page with the headers that every public page has. `same-origin` is for pages with no secret in
 * their address whose forms need a session: under `no-referrer` they would say `Origin: null`, as anybody's can.
 */
export function sendPage(
  response: Response,
  page: ReactElement,
  status = 200,
  referrer: 'no-referrer' | 'same-origin' = 'no-referrer',
): void {
  const markup = renderToStaticMarkup(page);
  const style = styleFor(markup) + (STYLE.exec(markup)?.[1] ?? '');
  const styleHash = createHash('sha256').update(style).digest('base64');
  response
    .status(status)
    .set({
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': securityPolicy(styleHash),
      'Cache-Control': 'no-store',
      'Referrer-Policy': referrer,
      'X-Robots-Tag': 'noindex',
      'X-Content-Type-Options': 'nosniff',
    })
    .send(`<!doctype html>${markup.replace(STYLE, () => `<style>${style}</style>`)}`);
}
