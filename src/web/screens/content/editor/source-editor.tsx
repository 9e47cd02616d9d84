import './source-editor.css';
import { html } from '@codemirror/lang-html';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';

/** MJML as source, for those who write it. Says where the cursor should go by `line`, counted from 1. */
export function SourceEditor(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  line: { number: number } | null;
}) {
  const { label, value, onChange, line } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  });
  const first = useRef(value);
  useEffect(() => {
    const made = new EditorView({
      doc: first.current,
      parent: place.current!,
      extensions: [
        basicSetup,
        html(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) change.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);
  useEffect(() => {
    const { current } = view;
    const now = current?.state.doc.toString();
    if (current && now !== value) {
      current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
    }
  }, [value]);
  useEffect(() => {
    const { current } = view;
    if (!current || !line) return;
    const { from, to } = current.state.doc.line(
      Math.min(Math.max(1, line.number), current.state.doc.lines),
    );
    current.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    current.focus();
  }, [line]);
  return <div className="source-editor" ref={place} />;
}
