import { Parser } from 'htmlparser2';

/**
 * What a browser would make of the markup, without its words: tags, their attributes' names, and where links
 * and forms lead. Two texts of the same shape differ in words only, so neither of them runs anything.
 */
export function shapeOf(html: string): string[] {
  const shape: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const names = Object.keys(attributes).sort();
      const leads = ['href', 'src', 'action', 'formaction'].flatMap((attribute) =>
        attribute in attributes ? [/^\s*[\w+.-]*:?/.exec(attributes[attribute]!)![0]] : [],
      );
      shape.push([name, ...names, ...leads].join(' '));
    },
    oncomment: () => shape.push('<!-- -->'),
    onprocessinginstruction: (name) => shape.push(name),
  });
  parser.end(html);
  return shape;
}

/** The words that a reader sees. */
export function wordsOf(html: string): string {
  const words: string[] = [];
  let silent = 0;
  const parser = new Parser({
    onopentag: (name) => (silent += Number(name === 'style' || name === 'script')),
    onclosetag: (name) => (silent -= Number(name === 'style' || name === 'script')),
    ontext: (text) => void (silent === 0 && words.push(text)),
  });
  parser.end(html);
  return words.join('').replace(/\s+/g, ' ');
}
