import type { Draft, Tone } from './draft';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

/** Strong enough on white and on black, as mail programs may turn a page dark without asking. */
const BARS: Readonly<Record<Tone, string>> = {
  alert: '#c2570c',
  over: '#15803d',
  info: '#2563eb',
  warning: '#b45309',
  critical: '#dc2626',
};

export interface MailFrame {
  /** Empty: none. */
  greeting: string;
  signedBy: string;
  unsubscribeUrl: string | null;
}

/**
 * A mail as one narrow column that fits a phone. Tables and inline styles, since mail programs honour little else;
 * the style block only adds the dark colours for those that do.
 */
export function mailHtml(draft: Draft, frame: MailFrame): string {
  const [news = '', ...rest] = [draft.lead ?? '', ...draft.paragraphs].filter((text) => text !== '');
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(draft.subject)}</title>`,
    '<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){',
    '.page{background:#111418!important}.card{background:#1c2128!important}',
    '.text{color:#e6e8eb!important}.small{color:#9aa4b0!important}}</style></head>',
    '<body class="page" style="margin:0;padding:0;background:#f3f4f6">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:#f3f4f6">',
    '<tr><td align="center" style="padding:24px 12px">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="card" style="max-width:560px;',
    `background:#ffffff;border-radius:8px;border-top:4px solid ${BARS[draft.tone]}">`,
    '<tr><td style="padding:24px;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">',
    paragraph(frame.greeting, '16px'),
    paragraph(news, '18px', draft.link),
    ...rest.map((text) => paragraph(text, '15px', draft.link)),
    paragraph(frame.signedBy, '15px'),
    '</td></tr></table>',
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">`,
    '<tr><td style="padding:16px 24px;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">',
    `<p class="small" style="margin:0;font-size:13px;line-height:1.5;color:#5b6470">${smallPrint(draft, frame)}</p>`,
    '</td></tr></table></td></tr></table></body></html>',
  ].join('\n');
}

function paragraph(text: string, size: string, link = ''): string {
  if (text === '') return '';
  const style = `margin:0 0 14px;font-size:${size};line-height:1.5;color:#1a1f26;overflow-wrap:anywhere`;
  const [whole, url] = [escapeHtml(text), escapeHtml(link)];
  const linked = url === '' ? whole : whole.replace(url, () => anchorTo(url));
  return `<p class="text" style="${style}">${linked}</p>`;
}

/** @param url escaped */
function anchorTo(url: string): string {
  return `<a class="text" style="color:#1a1f26" href="${url}">${url}</a>`;
}

function smallPrint(draft: Draft, frame: MailFrame): string {
  const because = escapeHtml(draft.because);
  if (frame.unsubscribeUrl === null) return because;
  return `${because}<br><a class="small" style="color:#5b6470" href="${escapeHtml(frame.unsubscribeUrl)}">Change what we tell you</a>`;
}
