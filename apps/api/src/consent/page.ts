/** Text that is HTML already; everything else is escaped where it is put into a page. */
export class Html {
  constructor(readonly text: string) {}
}

/** Escapes what is put in unless it is HTML already; lists are joined. */
export function markup(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(parts.map((part, at) => part + (at < values.length ? written(values[at]) : '')).join(''));
}

function written(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(written).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface Page {
  title: string;
  body: Html;
}

/** A whole page: plain, without a script, in light and dark, from a phone's width up. */
export function pageText({ title, body }: Page, nonce: string): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.text;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f6; --card: #ffffff; --ink: #16181d; --soft: #565d69; --line: #c9ced6;
  --accent: #0b57d0; --accent-ink: #ffffff; --good: #e3f3ea; --good-ink: #0b5130; --note: #fdf0e3; --note-ink: #7a2e0e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101216; --card: #1a1d23; --ink: #eceef2; --soft: #a4acb9; --line: #3c434f;
    --accent: #8ab4f8; --accent-ink: #0b1a33; --good: #17332a; --good-ink: #9be4bd; --note: #3a2419; --note-ink: #f6bd98;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0 0 1rem; }
.card > :last-child { margin-bottom: 0; }
.soft { color: var(--soft); font-size: .9375rem; }
.done, .note { border-radius: .5rem; padding: .75rem 1rem; }
.done { background: var(--good); color: var(--good-ink); }
.note { background: var(--note); color: var(--note-ink); }
.done:focus { outline: none; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .5rem;
  border: 1px solid var(--accent); background: var(--accent); color: var(--accent-ink); cursor: pointer; }
button.second { background: transparent; color: var(--accent); }
form { margin: 0 0 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
strong { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .625rem .5rem; border-bottom: 1px solid var(--line); text-align: center; }
thead th { font-size: .875rem; font-weight: 600; vertical-align: bottom; }
thead th:first-child { text-align: left; }
tbody th { text-align: left; font-weight: 600; }
tbody th small { display: block; font-weight: 400; color: var(--soft); font-size: .875rem; }
tbody tr:last-child > * { border-bottom: 0; }
input[type=checkbox] { width: 1.5rem; height: 1.5rem; accent-color: var(--accent); margin: 0; vertical-align: middle; }
td label { display: inline-flex; align-items: center; justify-content: center; min-width: 2.75rem; min-height: 2.75rem; cursor: pointer; }
.unseen, .name { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.always { color: var(--soft); font-size: .875rem; }
ul { margin: 0 0 1rem; padding: 0; list-style: none; }
ul.card { padding: .25rem 1.25rem; }
li { padding: .75rem 0; border-bottom: 1px solid var(--line); }
li:last-child { border-bottom: 0; }
li form { margin: .5rem 0 0; }
@media (max-width: 34rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; text-align: left; }
  tbody tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  th, td { border: 0; padding: .125rem 0; }
  td label { justify-content: flex-start; gap: .75rem; width: 100%; }
  .name { position: static; width: auto; height: auto; clip-path: none; }
  button { width: 100%; }
}
`;
