/** The one style sheet of the public pages: no web fonts, 4.5:1 contrast in both schemes, 44 px targets. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2733;--soft:#54616e;--paper:#fff;--back:#f4f1ec;--line:#d9d3c9;--go:#1d5c4d;--go-ink:#fff;--warn:#8c2f1b;--ok:#1d5c4d}
@media (prefers-color-scheme:dark){:root{--ink:#eef1f3;--soft:#b3bec8;--paper:#1d262e;--back:#12181d;--line:#3a4650;--go:#7fd1b9;--go-ink:#0e2a23;--warn:#ffb4a2;--ok:#7fd1b9}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:17px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.top,main,footer{max-width:38rem;margin:0 auto;padding:1rem}
.top{display:flex;justify-content:space-between;align-items:center;gap:1rem}
.brand{font-weight:700;letter-spacing:.01em}
main{background:var(--paper);border-radius:14px;padding:1.75rem 1.5rem;border:1px solid var(--line)}
main.wide{max-width:64rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
p,ul,ol{margin:.6rem 0}
a{color:inherit;text-underline-offset:3px}
.top a,footer a{padding:.5rem 0}
.soft,footer{color:var(--soft);font-size:.93rem}
footer p{margin:.15rem 0}
button,.button{display:inline-block;min-height:44px;padding:.65rem 1.3rem;border:2px solid var(--go);border-radius:10px;background:var(--go);color:var(--go-ink);font:inherit;font-weight:600;cursor:pointer;text-decoration:none}
button.plain{background:transparent;color:var(--ink);border-color:var(--line)}
:focus-visible{outline:3px solid var(--go);outline-offset:3px}
fieldset{border:1px solid var(--line);border-radius:10px;margin:1rem 0;padding:.75rem 1rem}
legend{padding:0 .4rem;font-weight:600}
label{display:block;margin:.5rem 0}
label.choice{display:flex;gap:.7rem;align-items:flex-start;padding:.45rem 0;min-height:24px}
input[type=checkbox],input[type=radio]{width:1.35rem;height:1.35rem;margin:.15rem 0 0;flex:none;accent-color:var(--go)}
input[type=email],input[type=text],input[type=tel],input[type=search],input[type=password],select,textarea{width:100%;min-height:44px;padding:.55rem .7rem;margin-top:.25rem;border:1px solid var(--soft);border-radius:8px;background:var(--paper);color:var(--ink);font:inherit}
.error{color:var(--warn);font-weight:600}
.summary{border:2px solid var(--warn);border-radius:10px;padding:.75rem 1rem;margin:0 0 1rem}
.done{border-left:5px solid var(--ok);padding:.25rem 0 .25rem 1rem}
.banner{border:2px dashed var(--warn);border-radius:10px;padding:.5rem 1rem;font-weight:600}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em}
pre{background:var(--back);padding:.75rem 1rem;border-radius:8px;overflow-x:auto}
iframe{width:100%;min-height:70vh;border:1px solid var(--line);border-radius:8px;background:#fff}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:26rem){main{border-radius:0;border-left:0;border-right:0}button{width:100%}}
`.replace(/\n/g, '');
