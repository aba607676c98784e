/** Light and dark, from a phone's width up. */
export const OUTBOX_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f6; --card: #ffffff; --ink: #16181d; --soft: #565d69; --line: #d8dce3;
  --accent: #0b57d0; --accent-ink: #ffffff; --bubble: #e5e9f0; --good: #0f6b3c; --bad: #9a3412;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101216; --card: #1a1d23; --ink: #eceef2; --soft: #a4acb9; --line: #343a45;
    --accent: #8ab4f8; --accent-ink: #0b1a33; --bubble: #2b313b; --good: #6fd49b; --bad: #f4a27a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; z-index: 3; background: var(--card); padding: 8px 12px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
header { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); padding: 10px 16px; }
.title, .bar, main { max-width: 760px; margin: 0 auto; }
h1 { margin: 0; font-size: 1.25rem; }
.title p { margin: 0; color: var(--soft); font-size: .875rem; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 8px; }
.filters { display: flex; flex-wrap: wrap; gap: 4px; }
button { font: inherit; font-size: .875rem; min-height: 36px; padding: 4px 12px; border-radius: 18px; border: 1px solid var(--line); background: transparent; color: var(--ink); cursor: pointer; }
button[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.state { margin-left: auto; font-size: .8125rem; color: var(--soft); }
.state::before { content: "\\25CF"; margin-right: 4px; color: var(--bad); }
.state[data-state="live"]::before { color: var(--good); }
main { padding: 16px; }
.empty { text-align: center; color: var(--soft); margin: 48px 0; }
.more { text-align: center; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 16px; }
ol:focus { outline: none; }
li { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 12px 14px; min-width: 0; }
ol[data-channel="sms"] > li:not([data-channel="sms"]),
ol[data-channel="email"] > li:not([data-channel="email"]),
ol[data-channel="social"] > li:not([data-channel="social"]) { display: none; }
.head { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; font-size: .8125rem; color: var(--soft); margin: 0 0 8px; }
.head strong { color: var(--ink); overflow-wrap: anywhere; }
.head time { margin-left: auto; }
.kind { text-transform: uppercase; letter-spacing: .06em; font-size: .6875rem; border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
li[data-channel="sms"] .text { background: var(--bubble); border-radius: 18px 18px 18px 4px; padding: 9px 14px; max-width: 34ch; width: fit-content; }
h2 { font-size: 1.0625rem; margin: 0 0 8px; overflow-wrap: anywhere; }
iframe { width: 100%; height: 220px; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; display: block; }
.post { display: flex; gap: 10px; }
.face { flex: none; width: 40px; height: 40px; border-radius: 50%; background: var(--accent); color: var(--accent-ink); display: grid; place-items: center; font-weight: 700; }
.post > div { min-width: 0; }
.from { margin: 0 0 2px; font-weight: 600; }
.from span { font-weight: 400; color: var(--soft); }
@media (prefers-color-scheme: dark) { iframe { background: #111827; } }
@media (prefers-reduced-motion: no-preference) {
  li.new { animation: arrive .4s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(-8px); } }
}
`;
