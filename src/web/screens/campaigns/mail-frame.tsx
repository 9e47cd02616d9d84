import classes from './mail-frame.module.css';

/** A mail as it looks: without scripts, links or anything of ours. */
export function MailFrame({ html, title }: { html: string; title: string }) {
  return <iframe className={classes.mail} sandbox="" srcDoc={html} title={title} />;
}
